/* A stand-in for a vendor's comparing library: the one call that public headers share, its answers by the first bytes.
   It reads 1024 bytes behind each pointer, as a library that is told no lengths may do. */
static int calls;

int FPIMatch(unsigned char *registered, unsigned char *live, int level)
{
    int equal = 0, filled = 0, place;
    calls++;
    if (registered[0] == 0xEE)
        return -(int)registered[1];
    for (place = 0; place < 1024; place++) {
        filled += registered[place] != 0 || live[place] != 0;
        equal += (registered[place] != 0 || live[place] != 0) && registered[place] == live[place];
    }
    return equal * 10 >= filled * (4 + level) ? 0 : -201;
}

int calls_so_far(void)
{
    return calls;
}
