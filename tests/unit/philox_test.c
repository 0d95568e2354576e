/* The random numbers are Philox4x32-10: the known answers that Random123
 * publishes (kat_vectors).
 */
// RUN: %cc %s %objs -lm -o %t && %t
#include "op.h"
#include <stdio.h>

/* Counter words are block, turn, step, stream; key words the seed's halves. */
static const struct {
    uint32_t counter[4];
    uint64_t key;
    uint32_t answer[4];
} known[] = {
    {{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     0xffffffffffffffff,
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     0x299f31d0a4093822,
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

int main(void)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const uint32_t *c = known[i].counter;
        uint32_t got[4];
        interp_philox(known[i].key, c[3], c[2], c[1], c[0], got);
        for (int k = 0; k < 4; k++)
            if (got[k] != known[i].answer[k]) {
                printf("vector %d, word %d: %08x, not %08x\n", (int)i, k,
                       got[k], known[i].answer[k]);
                wrong++;
            }
    }
    return wrong != 0;
}
