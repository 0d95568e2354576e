/* c_simplify leaves the values of expressions as they are: random ones of which
 * the C compiler computes both forms.
 *
 * RUN: %cc %s %objs -lm -o %t && %t > %t.c
 * RUN: %cc -w %t.c -o %t.out && %t.out
 */
#include "ctext.h"
#include <stdio.h>
#include <string.h>

static unsigned long long state = 1;

static unsigned draw(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static const char *pick(const char *const *words, unsigned count)
{
    return words[draw(count)];
}

static void expression(Text *t, int depth)
{
    static const char *const leaves[] = {"0", "1", "0", "1", "2", "7",
                                         "a", "b", "c"};
    static const char *const by[] = {" + ", " - ", " * ", " * ", " == "};
    static const char *const parts[] = {" / 1", " / 2", " % 1", " % (1)",
                                        " % 7", " * 1", " + 0", " - 0"};
    switch (depth > 0 ? draw(8) : 0) {
    case 0: text_add(t, pick(leaves, 9)); break;
    case 1:
        text_add(t, "(");
        expression(t, depth - 1);
        text_add(t, ")");
        break;
    case 2:
        text_add(t, draw(2) ? "-(" : "!(");
        expression(t, depth - 1);
        text_add(t, ")");
        break;
    case 3:
        text_add(t, "(");
        expression(t, depth - 1);
        text_add(t, " ? ");
        expression(t, depth - 1);
        text_add(t, " : ");
        expression(t, depth - 1);
        text_add(t, ")");
        break;
    case 4:
        expression(t, depth - 1);
        text_add(t, pick(parts, 8));
        break;
    default:
        expression(t, depth - 1);
        text_add(t, pick(by, 5));
        expression(t, depth - 1);
        break;
    }
}

int main(void)
{
    enum { COUNT = 500, DEPTH = 4 };
    Arena *a = arena_new();
    int changed = 0;
    printf("#include <stdio.h>\nint main(void)\n{\n"
           "    volatile int va = 5, vb = -3, vc = 2;\n"
           "    int a = va, b = vb, c = vc, bad = 0;\n");
    for (int i = 0; i < COUNT; i++) {
        Text t = {.arena = a};
        expression(&t, DEPTH);
        const char *simple = c_simplify(a, arena_printf(a, "x = %s;", t.data));
        changed += strlen(simple) < t.len + strlen("x = ;");
        printf("    { int x; %s\n"
               "      if (x != (%s)) bad = !!puts(\"%s\"); }\n",
               simple, t.data, t.data);
    }
    printf("    return bad;\n}\n");
    arena_free(a);
    return changed < COUNT / 2;
}
