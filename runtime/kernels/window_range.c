/* The places of a window that lie on cells: *from up to the result, for a
 * window whose first place is on cell `first` and whose `count` places are
 * `step` cells apart, over an axis of `cells`.
 */
static int KERNEL_range(int first, int count, int step, int cells, int *from)
{
    int to = first < cells ? (cells - first + step - 1) / step : 0;
    *from = first < 0 ? (-first + step - 1) / step : 0;
    return to < count ? to : count;
}
