// The part of a softmax cross-entropy that does not depend on where the gradient goes. Include it inside each
// instruction set's region, after vector16.h.
#include <math.h>

// Turns a row's logits into e^(logit − largest), returns their sum, and adds −ln of the target's share to `loss`.
static float KERNEL(softmax_row)(float *logits, size_t width, int32_t target, double *loss) {
  const size_t body = width & ~(size_t)15, tail = width - body;
  float largest = logits[0];
  f32x16 most = splat(largest);
  for (size_t i = 0; i < body; i += 16) {
    const f32x16 v = load16(logits + i);
    most = select16(v > most, v, most);
  }
  float lanes[16];
  store16(lanes, most);
  for (int i = 0; i < 16; i++) largest = lanes[i] > largest ? lanes[i] : largest;
  for (size_t i = body; i < width; i++) largest = logits[i] > largest ? logits[i] : largest;

  const float own = logits[target];
  f32x16 sums = {0};
  for (size_t i = 0; i < body; i += 16) {
    const f32x16 e = exp16(load16(logits + i) - largest);
    store16(logits + i, e);
    sums += e;
  }
  float sum = sum16(sums);
  if (tail) {
    store_tail(logits + body, exp16(load_tail(logits + body, tail) - largest), tail);
    for (size_t i = body; i < width; i++) sum += logits[i];
  }
  *loss += log((double)sum) - ((double)own - (double)largest);
  return sum;
}
