/* A card reader with a PIN pad, for a real pcscd: an IFD handler of version 3 (ifdhandler.h of libpcsclite-dev).
 *
 * The card is a TCP client on the port given in DEVICENAME, framed as by vsmartcard's vpcd: two bytes of length,
 * big-endian, then the content; 00 power off, 01 power on, 02 reset, 04 "your ATR?", anything else a command.
 *
 * The pad is a file. DEVICENAME "FOLDER:PORT": what stands in FOLDER/keys is what the resident presses, once:
 * digits (then the key OK), "cancel", or "broken" (the reader fails). No such file: nobody presses anything, and the
 * pad gives up after bTimerOut seconds. FOLDER/asked receives the structure that came, as hex, for the test to look at.
 *
 * Written from PC/SC part 10 (v2.02.09), chapters 2.2, 2.5.2 and 2.5.3, and nothing of the driver under test. Honest
 * limits: only system units of bytes, left justification and BCD are understood; anything else is refused with 6B80.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifdhandler.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <reader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define VERIFY_CODE SCARD_CTL_CODE(3601) /* any numbers: the driver must learn them from the feature list */
#define MODIFY_CODE SCARD_CTL_CODE(3602)
#define HEADER 5 /* CLA INS P1 P2 Lc */
#define LOOK_US 20000

static char folder[512];
static int listener = -1, card = -1;
static UCHAR atr[MAX_ATR_SIZE];
static DWORD atr_length;

/* --- the line to the card --- */

static void drop_card(void) {
    if (card >= 0) close(card);
    card = -1;
    atr_length = 0;
}

static int send_frame(const UCHAR *content, size_t length) {
    UCHAR frame[2 + 300];
    if (card < 0 || length > 300) return -1;
    frame[0] = (UCHAR)(length >> 8);
    frame[1] = (UCHAR)length;
    memcpy(frame + 2, content, length);
    return send(card, frame, length + 2, MSG_NOSIGNAL) == (ssize_t)(length + 2) ? 0 : -1;
}

static int receive_all(UCHAR *into, size_t length) {
    size_t have = 0;
    while (have < length) {
        ssize_t part = recv(card, into + have, length - have, 0);
        if (part <= 0) return -1;
        have += (size_t)part;
    }
    return 0;
}

/* The length of the answer, at most `room`; -1 when the card is gone or says too much. */
static int receive_frame(UCHAR *into, size_t room) {
    UCHAR head[2];
    if (card < 0 || receive_all(head, 2)) return -1;
    size_t length = (size_t)head[0] << 8 | head[1];
    if (length > room || receive_all(into, length)) return -1;
    return (int)length;
}

static int order(UCHAR word) { return send_frame(&word, 1); }

static int card_is_there(void) {
    UCHAR byte;
    if (card >= 0) {
        ssize_t seen = recv(card, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen > 0 || (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))) return 1;
        drop_card();
        return 0; /* an empty slot is reported once before the next card */
    }
    card = accept(listener, NULL, NULL);
    if (card >= 0) {
        int on = 1;
        setsockopt(card, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return card >= 0;
}

/* --- the pad --- */

static void note_asked(const UCHAR *asked, DWORD length) {
    char path[600];
    snprintf(path, sizeof path, "%s/asked", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL) return;
    for (DWORD place = 0; place < length; place++) fprintf(file, "%02X", asked[place]);
    fclose(file);
}

/* What is pressed within `seconds`: 1 and the word in `keys`, 0 when nobody pressed, -1 when the card left. */
static int wait_for_keys(char *keys, size_t room, unsigned seconds) {
    char path[600];
    snprintf(path, sizeof path, "%s/keys", folder);
    for (unsigned long waited = 0; waited < seconds * 1000000UL; waited += LOOK_US) {
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            char *got = fgets(keys, (int)room, file);
            fclose(file);
            if (got != NULL && strchr(keys, '\n') != NULL) { /* written whole */
                keys[strcspn(keys, "\n")] = 0;
                unlink(path);
                return 1;
            }
        }
        if (!card_is_there()) return -1;
        usleep(LOOK_US);
    }
    return 0;
}

static int answer_sw(unsigned sw, PUCHAR out, DWORD room, LPDWORD length) {
    if (room < 2) return IFD_ERROR_INSUFFICIENT_BUFFER;
    out[0] = (UCHAR)(sw >> 8);
    out[1] = (UCHAR)sw;
    *length = 2;
    return IFD_SUCCESS;
}

/* Digits as BCD from the left into `block` of `size` bytes; what is not covered keeps what the command brought. */
static void write_pin(UCHAR *block, size_t size, const char *digits) {
    for (size_t place = 0; digits[place] && place < 2 * size; place++) {
        UCHAR digit = (UCHAR)(digits[place] - '0');
        UCHAR *byte = block + place / 2;
        *byte = place % 2 ? (UCHAR)((*byte & 0xF0) | digit) : (UCHAR)((*byte & 0x0F) | digit << 4);
    }
}

static int to_card(UCHAR *command, size_t length, PUCHAR out, DWORD room, LPDWORD answered) {
    if (send_frame(command, length)) return IFD_COMMUNICATION_ERROR;
    int got = receive_frame(out, room);
    memset(command, 0, length);
    if (got < 2) return IFD_COMMUNICATION_ERROR;
    *answered = (DWORD)got;
    return IFD_SUCCESS;
}

/* 0: the digits may be used; else the status word to answer. */
static unsigned refusal_of(const char *keys, unsigned limits) {
    size_t count = strlen(keys);
    if (strcmp(keys, "cancel") == 0) return 0x6401;
    if (strspn(keys, "0123456789") != count) return 0x6B80;
    return count < (limits >> 8) || count > (limits & 0xFF) ? 0x6403 : 0;
}

static unsigned little16(const UCHAR *at) { return at[0] | (unsigned)at[1] << 8; }
static size_t little32(const UCHAR *at) { return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24; }

static int verify(const UCHAR *asked, DWORD length, PUCHAR out, DWORD room, LPDWORD answered) {
    UCHAR command[64];
    char keys[64];
    if (length < 19 || little32(asked + 15) != length - 19 || length - 19 > sizeof command || length - 19 < HEADER)
        return answer_sw(0x6B80, out, room, answered);
    size_t size = asked[3] & 0x0F;
    if (asked[2] != 0x81 || asked[3] >> 4 || HEADER + size > length - 19) return answer_sw(0x6B80, out, room, answered);
    memcpy(command, asked + 19, length - 19);
    int pressed = wait_for_keys(keys, sizeof keys, asked[0] ? asked[0] : 30);
    if (pressed < 0) return IFD_COMMUNICATION_ERROR;
    if (pressed == 0) return answer_sw(0x6400, out, room, answered);
    if (strcmp(keys, "broken") == 0) return IFD_COMMUNICATION_ERROR;
    unsigned refusal = refusal_of(keys, little16(asked + 5));
    if (refusal) return answer_sw(refusal, out, room, answered);
    write_pin(command + HEADER, size, keys);
    memset(keys, 0, sizeof keys);
    return to_card(command, length - 19, out, room, answered);
}

/* "old new again" are pressed; a new one that is not repeated answers 6402. */
static int modify(const UCHAR *asked, DWORD length, PUCHAR out, DWORD room, LPDWORD answered) {
    UCHAR command[64];
    char keys[64], old[24] = "", new[24] = "", again[24] = "";
    if (length < 24 || little32(asked + 20) != length - 24 || length - 24 > sizeof command || length - 24 < HEADER)
        return answer_sw(0x6B80, out, room, answered);
    size_t size = asked[3] & 0x0F;
    if (asked[2] != 0x81 || asked[9] != 0x03 || HEADER + size + (asked[5] > asked[6] ? asked[5] : asked[6]) > length - 24)
        return answer_sw(0x6B80, out, room, answered);
    memcpy(command, asked + 24, length - 24);
    int pressed = wait_for_keys(keys, sizeof keys, asked[0] ? asked[0] : 30);
    if (pressed < 0) return IFD_COMMUNICATION_ERROR;
    if (pressed == 0) return answer_sw(0x6400, out, room, answered);
    sscanf(keys, "%23s %23s %23s", old, new, again);
    unsigned refusal = refusal_of(old, little16(asked + 7));
    if (!refusal) refusal = refusal_of(new, little16(asked + 7));
    if (!refusal && strcmp(new, again) != 0) refusal = 0x6402;
    if (refusal) return answer_sw(refusal, out, room, answered);
    write_pin(command + HEADER + asked[5], size, old);
    write_pin(command + HEADER + asked[6], size, new);
    return to_card(command, length - 24, out, room, answered);
}

static UCHAR *feature(UCHAR *at, UCHAR tag, DWORD code) {
    *at++ = tag;
    *at++ = 4;
    for (int shift = 24; shift >= 0; shift -= 8) *at++ = (UCHAR)(code >> shift); /* always big-endian (part 10, 2.2) */
    return at;
}

/* --- what pcscd calls --- */

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName) {
    (void)Lun;
    char *colon = strrchr(DeviceName, ':');
    if (colon == NULL || (size_t)(colon - DeviceName) >= sizeof folder) return IFD_NO_SUCH_DEVICE;
    memcpy(folder, DeviceName, (size_t)(colon - DeviceName));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1)) return IFD_NO_SUCH_DEVICE;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel) {
    (void)Lun, (void)Channel;
    return IFD_NO_SUCH_DEVICE;
}

RESPONSECODE IFDHCloseChannel(DWORD Lun) {
    (void)Lun;
    drop_card();
    if (listener >= 0) close(listener);
    listener = -1;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value) {
    (void)Lun;
    if (Tag == TAG_IFD_ATR) {
        if (*Length < atr_length) return IFD_ERROR_INSUFFICIENT_BUFFER;
        *Length = atr_length;
        memcpy(Value, atr, atr_length);
        return IFD_SUCCESS;
    }
    if (Tag != TAG_IFD_SIMULTANEOUS_ACCESS && Tag != TAG_IFD_SLOTS_NUMBER) return IFD_ERROR_TAG;
    if (*Length < 1) return IFD_ERROR_INSUFFICIENT_BUFFER;
    *Length = 1;
    *Value = 1;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value) {
    (void)Lun, (void)Tag, (void)Length, (void)Value;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR P1, UCHAR P2, UCHAR P3) {
    (void)Lun, (void)Flags, (void)P1, (void)P2, (void)P3;
    return Protocol == SCARD_PROTOCOL_T0 ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength) {
    (void)Lun;
    *AtrLength = 0;
    if (Action == IFD_POWER_DOWN) return order(0) ? IFD_COMMUNICATION_ERROR : IFD_SUCCESS;
    if (order(Action == IFD_RESET ? 2 : 1) || order(4)) return IFD_COMMUNICATION_ERROR;
    int got = receive_frame(atr, sizeof atr);
    if (got <= 0) return IFD_ERROR_POWER_ACTION;
    atr_length = (DWORD)got;
    memcpy(Atr, atr, atr_length);
    *AtrLength = atr_length;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER Send, PUCHAR Tx, DWORD TxLength, PUCHAR Rx, PDWORD RxLength,
                               PSCARD_IO_HEADER Receive) {
    (void)Lun, (void)Send, (void)Receive;
    int got = send_frame(Tx, TxLength) ? -1 : receive_frame(Rx, *RxLength);
    *RxLength = got > 0 ? (DWORD)got : 0;
    return got > 0 ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD Code, PUCHAR Tx, DWORD TxLength, PUCHAR Rx, DWORD RxRoom, LPDWORD Returned) {
    (void)Lun;
    *Returned = 0;
    if (Code == CM_IOCTL_GET_FEATURE_REQUEST) {
        if (RxRoom < 12) return IFD_ERROR_INSUFFICIENT_BUFFER;
        *Returned = (DWORD)(feature(feature(Rx, FEATURE_VERIFY_PIN_DIRECT, VERIFY_CODE), FEATURE_MODIFY_PIN_DIRECT,
                                    MODIFY_CODE) - Rx);
        return IFD_SUCCESS;
    }
    if (Code != VERIFY_CODE && Code != MODIFY_CODE) return IFD_ERROR_NOT_SUPPORTED;
    note_asked(Tx, TxLength);
    return Code == VERIFY_CODE ? verify(Tx, TxLength, Rx, RxRoom, Returned) : modify(Tx, TxLength, Rx, RxRoom, Returned);
}

RESPONSECODE IFDHICCPresence(DWORD Lun) {
    (void)Lun;
    return card_is_there() ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
