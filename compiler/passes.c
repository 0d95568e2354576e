/* The passes, in the order they run. */
#include "pass.h"

extern const Pass pass_shapes, pass_lift, pass_grad, pass_fold, pass_cse,
    pass_absorb, pass_collapse, pass_dce, pass_layout, pass_panels, pass_hoist,
    pass_select, pass_fuse, pass_plan;

const Pass *const pass_table[] = {
    &pass_shapes, &pass_lift,     &pass_grad, &pass_fold,   &pass_cse,
    &pass_absorb, &pass_collapse, &pass_dce,  &pass_layout, &pass_panels,
    &pass_hoist,  &pass_select,   &pass_fuse, &pass_plan,
};
const int pass_count = (int)(sizeof pass_table / sizeof *pass_table);
