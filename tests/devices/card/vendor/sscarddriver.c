/* A library of ours that implements the national reader interface SSCardDriver, as reference/card.md §2.3 and §2.4
 * tell it, for the tests of the driver that calls such libraries. It stands for a maker's library, reader and card.
 *
 * What is in the slot stands in a text file (GB18030, one "key=value" a line) that is read anew at every call, so that
 * a test plays the resident by replacing the file. Its path comes through sscTestScene or the environment variable
 * SSCARD_SCENE. No file, or no line "card=": the slot is empty.
 *
 *   card=A word            another word is another card: its PIN counter and its challenges start afresh
 *   region number card_number identification name history version issued valid: the nine fields of the card
 *   psam=yes               the reader has a security module with every key: cards of version 3 are read at once
 *   inner= outer=          16 hex digits each: the cryptograms that this card would compute
 *   key_tries=             tries of the card's external key (3)
 *   lost=                  so many times the card has forgotten its challenge at the second step (0)
 *   pin= tries=            the card's PIN and its counter (3)
 *   keys=                  what is pressed on the pad: digits, "cancel", or three words "old new again"; none: nobody
 *   pad_seconds=           how long the pad waits for keys (30)
 *   code=                  every call answers this code
 *   hang=                  every call takes so many seconds longer
 *   flood=                 every call writes so many letters A, without an end, and answers 0
 *   raw=                   iReadCardBas and Step1 give this text instead of their own
 *
 * Compiled with -DONLY_READING it lacks the PIN functions and the two steps, as old libraries do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM 8192
#define STRING_ROOM 1024
#define CHALLENGES "1122334455667788|A1A2A3A4A5A6A7A8|C1C2C3C4C5C6C7C8|B1B2B3B4B5B6B7B8"
#define INNER_ORIGINAL "A1A2A3A4A5A6A7A8"
#define OUTER_ORIGINAL "B1B2B3B4B5B6B7B8"
#define LOOK_US 20000

static char scene_path[512];
static char scene[ROOM];
static char known_card[64], pin[24];
static int tries, key_tries, lost, asked; /* of the card that is in; `asked`: its challenge of Step1 is good */

/* Another scene is another reader: no card was known there. */
void sscTestScene(const char *path) {
    snprintf(scene_path, sizeof scene_path, "%s", path);
    known_card[0] = 0;
}

/* The value of one line of the scene, "" where there is none. */
static const char *told(const char *key) {
    static char value[STRING_ROOM];
    size_t length = strlen(key);
    for (const char *line = scene; line != NULL && *line; line = strchr(line, '\n'), line += line != NULL) {
        if (strncmp(line, key, length) || line[length] != '=') continue;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(line + length + 1, "\n"), line + length + 1);
        return value;
    }
    return "";
}

static int number(const char *key, int otherwise) { return *told(key) ? atoi(told(key)) : otherwise; }

static void look(void) {
    const char *path = *scene_path ? scene_path : getenv("SSCARD_SCENE");
    FILE *file = path ? fopen(path, "rb") : NULL;
    size_t length = file ? fread(scene, 1, ROOM - 1, file) : 0;
    scene[length] = 0;
    if (file) fclose(file);
    if (strcmp(known_card, told("card")) == 0) return;
    snprintf(known_card, sizeof known_card, "%s", told("card"));
    snprintf(pin, sizeof pin, "%s", told("pin"));
    tries = number("tries", 3);
    key_tries = number("key_tries", 3);
    lost = number("lost", 0);
    asked = 0;
}

static long say(char *out, const char *words, long code) {
    snprintf(out, STRING_ROOM, "%s", words);
    return code;
}

/* What every call begins with: 1 when it is over already, its answer in *code. */
static int begun(int type, char *out, long *code) {
    look();
    if (number("hang", 0)) sleep((unsigned)number("hang", 0));
    look();
    *code = 0;
    if (number("flood", 0)) memset(out, 'A', (size_t)number("flood", 0));
    else if (*told("code")) *code = say(out, "library error", atol(told("code")));
    else if (type < 1 || type > 4) *code = say(out, "iType", -1);
    else if (!*known_card) *code = say(out, "no card", -2);
    else return 0;
    return 1;
}

/* Appends "value|". */
static void field(char *out, const char *value) {
    strncat(out, value, STRING_ROOM - strlen(out) - 2);
    strcat(out, "|");
}

static long give_basic(char *out) {
    static const char *keys[] = {"region",  "number",  "card_number", "identification", "name",
                                 "history", "version", "issued",      "valid"};
    *out = 0;
    if (*told("raw")) return say(out, told("raw"), 0);
    for (size_t place = 0; place < sizeof keys / sizeof *keys; place++) field(out, told(keys[place]));
    field(out, "000000000000");
    field(out, "");
    return 0;
}

long iReadCardBas(int iType, char *out) {
    long code;
    if (begun(iType, out, &code)) return code;
    asked = 0; /* the card is reset and forgets its challenge */
    if (*told("version") == '3' && strcmp(told("psam"), "yes")) return say(out, "no RKSSSE", -2203);
    return give_basic(out);
}

#ifndef ONLY_READING

long iReadCardBas_HSM_Step1(int iType, char *out) {
    long code;
    if (begun(iType, out, &code)) return code;
    *out = 0;
    asked = 1;
    if (*told("raw")) return say(out, told("raw"), 0);
    field(out, told("region"));
    field(out, told("history"));
    field(out, "03");
    field(out, told("identification"));
    field(out, *told("version") == '3' ? CHALLENGES : "1122334455667788|A1A2A3A4A5A6A7A8||");
    return 0;
}

/* pKey: "inner|outer|", each cryptogram and original. The inner value is compared before the outer one costs a try. */
long iReadCardBas_HSM_Step2(char *pKey, char *out) {
    long code;
    char expected[128], inner[64];
    if (begun(1, out, &code)) return code;
    if (!asked || lost > 0) {
        asked = 0;
        lost -= lost > 0;
        return say(out, "6984", -(long)0x6984);
    }
    asked = 0;
    snprintf(inner, sizeof inner, "%s", told("inner"));
    snprintf(expected, sizeof expected, "%s" INNER_ORIGINAL "|", inner);
    if (strncmp(pKey, expected, strlen(expected))) return say(out, "internal", -25);
    snprintf(expected, sizeof expected, "%s" OUTER_ORIGINAL "|", told("outer"));
    if (*told("version") == '3' && strcmp(strchr(pKey, '|') + 1, expected)) {
        if (key_tries > 0) key_tries--;
        return say(out, "external", -(long)(0x63C0 + key_tries));
    }
    return give_basic(out);
}

/* Waits for keys: 0 and the words in `keys`, or the code to answer. The file's own "keys" line is pressed once. */
static long press(char *keys, size_t room, char *out) {
    char before[64];
    snprintf(before, sizeof before, "%s", known_card);
    for (long waited = 0; waited < number("pad_seconds", 30) * 1000000L; waited += LOOK_US) {
        look();
        if (strcmp(before, known_card)) return say(out, "no card", -2);
        if (*told("keys")) {
            snprintf(keys, room, "%s", told("keys"));
            return strcmp(keys, "cancel") == 0 ? say(out, "cancelled", -31) : 0;
        }
        usleep(LOOK_US);
    }
    return say(out, "time", -32);
}

static long check(const char *typed, char *out) {
    char words[64];
    if (tries == 0) return say(out, "PIN locked", -52);
    if (strcmp(typed, pin) == 0) {
        tries = number("tries", 3);
        return 0;
    }
    tries--;
    if (tries == 0) return say(out, "PIN locked", -52);
    snprintf(words, sizeof words, "PIN\xB4\xED\xCE\xF3,\xBB\xB9\xCA\xA3%d\xB4\xCE", tries); /* 错误,还剩…次 in GBK */
    return say(out, words, -51);
}

long iVerifyPIN(int iType, char *out) {
    long code;
    char keys[64];
    if (begun(iType, out, &code) || (code = press(keys, sizeof keys, out))) return code;
    if (strlen(keys) < 4 || strlen(keys) > 16) return say(out, "length", -33);
    code = check(keys, out);
    if (code == 0 && strcmp(keys, "123456") == 0) return say(out, "initial PIN", -35);
    return code;
}

long iChangePIN(int iType, char *out) {
    long code;
    char keys[64], old[24] = "", new[24] = "", again[24] = "";
    if (begun(iType, out, &code) || (code = press(keys, sizeof keys, out))) return code;
    sscanf(keys, "%23s %23s %23s", old, new, again);
    if (strcmp(new, again)) return say(out, "differ", -34);
    if (strlen(new) < 4 || strlen(new) > 16) return say(out, "length", -33);
    if (strcmp(new, "123456") == 0) return say(out, "initial PIN", -36);
    code = check(old, out);
    if (code == 0) snprintf(pin, sizeof pin, "%s", new);
    return code;
}

#endif
