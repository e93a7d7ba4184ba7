// The arithmetic of winograd.cpp for one instruction set. Included once for each, in a namespace of its own, with
//   LANES    floats in a vector,
//   TILES    tiles, and VECTORS vectors of outputs, that one step of the product covers, in TILES · VECTORS registers.
//
// Method: Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray, "Fast algorithms for convolutional neural networks",
// 2016): 36 multiplications for 16 outputs instead of 144. The points are 0, ±1/√2, ±√2 and ∞ instead of the usual 0, ±1,
// ±2 and ∞: the transforms' factors then stay close to one, and so do the rounding errors.

#define ALWAYS inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float Vec __attribute__((vector_size(LANES * 4)));
typedef uint32_t Bits __attribute__((vector_size(LANES * 4)));
typedef uint16_t Halves __attribute__((vector_size(LANES * 2)));
typedef float LooseVec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef uint16_t LooseHalves __attribute__((vector_size(LANES * 2), aligned(2), may_alias));

// MARK: Loading and storing: a vector or a single number, of float32 or bfloat16

template <class V> ALWAYS V load(const float *p);
template <> ALWAYS Vec load<Vec>(const float *p) { return *reinterpret_cast<const LooseVec *>(p); }
template <> ALWAYS float load<float>(const float *p) { return *p; }

template <class V> ALWAYS V load(const BFloat *p);
template <> ALWAYS Vec load<Vec>(const BFloat *p) {
    return (Vec)(__builtin_convertvector(*reinterpret_cast<const LooseHalves *>(p), Bits) << 16);
}
template <> ALWAYS float load<float>(const BFloat *p) { return __builtin_bit_cast(float, uint32_t(p->bits) << 16); }

ALWAYS void store(float *p, Vec v) { *reinterpret_cast<LooseVec *>(p) = v; }
ALWAYS void store(float *p, float v) { *p = v; }
// Rounds to the nearest, ties to even; not-a-number stays one.
ALWAYS void store(BFloat *p, Vec v) {
    Bits bits = (Bits)v;
    Bits nan = (Bits)(v != v);
    Bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    *reinterpret_cast<LooseHalves *>(p) = __builtin_convertvector((rounded & ~nan) | (nan & 0x7fc0u), Halves);
}
ALWAYS void store(BFloat *p, float v) {
    uint32_t bits = __builtin_bit_cast(uint32_t, v);
    p->bits = static_cast<uint16_t>(v != v ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

template <class V> ALWAYS V leaky(V x, V slope) {
    V scaled = x * slope;
    return x > 0 ? x : scaled;
}

// MARK: The transforms

constexpr float root_half = 0.70710678118654752f, root_two = 1.41421356237309505f;
constexpr float root_eighth = 0.35355339059327376f, root_eight = 2.82842712474619010f;

/// Six samples in a line → their values at the six points, `step` apart.
template <class V> ALWAYS void input_line(V x0, V x1, V x2, V x3, V x4, V x5, V *to, int step) {
    to[0] = (x0 - 2.5f * x2) + x4;
    V even = x4 - 2.0f * x2, odd = root_half * x3 - root_two * x1;
    to[step] = even + odd;
    to[2 * step] = even - odd;
    even = x4 - 0.5f * x2, odd = root_two * x3 - root_half * x1;
    to[3 * step] = even + odd;
    to[4 * step] = even - odd;
    to[5 * step] = (x1 - 2.5f * x3) + x5;
}

/// Three weights in a line → their values at the six points.
template <class V> ALWAYS void weight_line(V g0, V g1, V g2, V *to, int step) {
    constexpr float third = 2.0f / 3.0f, sixth = 1.0f / 6.0f;
    to[0] = g0;
    V even = g0 + 0.5f * g2, odd = root_half * g1;
    to[step] = -third * (even + odd);
    to[2 * step] = -third * (even - odd);
    even = g0 + 2.0f * g2, odd = root_two * g1;
    to[3 * step] = sixth * (even + odd);
    to[4 * step] = sixth * (even - odd);
    to[5 * step] = g2;
}

/// The products at the six points → four outputs in a line.
template <class V> ALWAYS void output_line(V m0, V m1, V m2, V m3, V m4, V m5, V *to, int step) {
    V sum1 = m1 + m2, difference1 = m1 - m2, sum2 = m3 + m4, difference2 = m3 - m4;
    to[0] = m0 + sum1 + sum2;
    to[step] = root_half * difference1 + root_two * difference2;
    to[2 * step] = 0.5f * sum1 + 2.0f * sum2;
    to[3 * step] = (root_eighth * difference1 + root_eight * difference2) + m5;
}

/// The channels from `c` of 6×6 pixels → their values at 36 points, `plane` floats apart.
template <class V, class E> ALWAYS void transform_input(const E *const *pixels, int64_t c, float *to, int64_t plane) {
    V columns[36], line[6];
    for (int j = 0; j < 6; j++) {
        input_line(load<V>(pixels[j] + c), load<V>(pixels[6 + j] + c), load<V>(pixels[12 + j] + c),
                   load<V>(pixels[18 + j] + c), load<V>(pixels[24 + j] + c), load<V>(pixels[30 + j] + c), columns + j, 6);
    }
    for (int i = 0; i < 6; i++) {
        const V *row = columns + 6 * i;
        input_line(row[0], row[1], row[2], row[3], row[4], row[5], line, 1);
        for (int j = 0; j < 6; j++) store(to + (6 * i + j) * plane, line[j]);
    }
}

/// The products at 36 points, `plane` floats apart → 4×4 outputs.
template <class V> ALWAYS void transform_output(const float *from, int64_t plane, V *out) {
    V columns[24];
    for (int j = 0; j < 6; j++) {
        const float *p = from + j * plane;
        output_line(load<V>(p), load<V>(p + 6 * plane), load<V>(p + 12 * plane), load<V>(p + 18 * plane),
                    load<V>(p + 24 * plane), load<V>(p + 30 * plane), columns + j, 6);
    }
    for (int i = 0; i < 4; i++) {
        const V *row = columns + 6 * i;
        output_line(row[0], row[1], row[2], row[3], row[4], row[5], out + 4 * i, 1);
    }
}

// MARK: Blocks of outputs

/// Vectors in the block of outputs that begins at `n`.
ALWAYS int vectors_at(const Job &job, int64_t n) { return job.outputs - n > LANES * (VECTORS - 1) ? VECTORS : 1; }

/// Layout of the result: blocks of outputs; in each 36 points; in each the input channels; in each the block's outputs.
static void transform_weights(const Job &job, int64_t first, int64_t last, float *to) {
    for (int64_t n = 0; n < job.outputs;) {
        int64_t width = vectors_at(job, n) * LANES, plane = job.inputs * width;
        for (int64_t c = first; c < last; c++) {
            for (int64_t o = 0; o < width; o += LANES) {
                const float *g = job.packed + 9 * c * job.padded + n + o;
                float *target = to + 36 * job.inputs * n + c * width + o;
                Vec columns[18], line[6];
                for (int j = 0; j < 3; j++, g += job.padded) {
                    weight_line(load<Vec>(g), load<Vec>(g + 3 * job.padded), load<Vec>(g + 6 * job.padded), columns + j,
                                3);
                }
                for (int i = 0; i < 6; i++) {
                    weight_line(columns[3 * i], columns[3 * i + 1], columns[3 * i + 2], line, 1);
                    for (int j = 0; j < 6; j++) store(target + (6 * i + j) * plane, line[j]);
                }
            }
        }
        n += width;
    }
}

/// What one input channel adds to TILES tiles' and `vectors` vectors of outputs' sums.
template <int vectors> ALWAYS void accumulate(Vec (&sums)[TILES][vectors], const float *a, const float *b) {
    Vec w[vectors];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load<Vec>(b + v * LANES);
    UNROLL for (int t = 0; t < TILES; t++) {
        UNROLL for (int v = 0; v < vectors; v++) sums[t][v] += a[t * LANES] * w[v];
    }
}

/// One point's product, TILES tiles by `vectors` vectors of outputs. All loops over the sums are unrolled, or the
/// compiler keeps them in memory, at half the speed.
template <int vectors>
static void multiply(const float *a, int64_t a_step, int64_t channels, const float *b, float *c, int64_t c_step) {
    Vec sums[TILES][vectors];
    UNROLL for (int t = 0; t < TILES; t++) {
        UNROLL for (int v = 0; v < vectors; v++) sums[t][v] = Vec{};
    }
    for (; channels >= LANES; channels -= LANES, a += a_step) {
        _Pragma("clang loop unroll_count(4)")
        for (int k = 0; k < LANES; k++, b += vectors * LANES) accumulate<vectors>(sums, a + k, b);
    }
    for (int64_t k = 0; k < channels; k++, b += vectors * LANES) accumulate<vectors>(sums, a + k, b);
    UNROLL for (int t = 0; t < TILES; t++) {
        UNROLL for (int v = 0; v < vectors; v++) store(c + t * c_step + v * LANES, sums[t][v]);
    }
}

/// Writes the outputs from `n` of one tile.
template <class V, class E>
ALWAYS void finish(const Job &job, const Tile &tile, const float *products, int64_t plane, int64_t n) {
    V out[16];
    transform_output<V>(products, plane, out);
    V bias = load<V>(job.bias() + n), slope = load<V>(job.slopes() + n);
    for (int i = 0; i < tile.height; i++) {
        for (int j = 0; j < tile.width; j++) {
            V y = leaky<V>(out[4 * i + j] + bias, slope);
            for (int a = 0; a < job.additions; a++) {
                y += job.scales[a] * load<V>(job.added[a].at<E>(tile.batch, tile.y + i, tile.x + j) + n);
            }
            store(job.out.at<E>(tile.batch, tile.y + i, tile.x + j) + n, y);
        }
    }
}

// MARK: A block of tiles

/// Layout of the transformed input: 36 points; in each vectors of channels; in each the block's tiles. A vector more
/// after each point keeps them from falling into the same lines of the cache.
ALWAYS int64_t input_plane(const Job &job) { return (job.inputs + LANES - 1) / LANES * job.block * LANES + LANES; }

static int64_t space_for(const Job &job) {
    return 36 * (input_plane(job) + job.block * VECTORS * LANES + LANES);
}

template <class E>
static void run_block(const Job &job, const float *weights, int64_t first, int64_t count, float *space) {
    int64_t step = job.block * LANES, plane = input_plane(job);
    float *transformed = space, *products = space + 36 * plane;
    for (int64_t t = 0; t < count; t++) {
        const E *pixels[36];
        job.pixels(job.tile(first + t), pixels);
        float *to = transformed + t * LANES;
        int64_t c = 0;
        for (; c + LANES <= job.inputs; c += LANES, to += step) transform_input<Vec>(pixels, c, to, plane);
        for (; c < job.inputs; c++, to++) transform_input<float>(pixels, c, to, plane);
    }
    for (int64_t n = 0; n < job.outputs;) {
        int vectors = vectors_at(job, n);
        int64_t width = vectors * LANES, product_plane = job.block * width + LANES;
        for (int p = 0; p < 36; p++, weights += job.inputs * width) {
            // The last step may go on into tiles that are not there: their products are never read.
            for (int64_t t = 0; t < count; t += TILES) {
                const float *a = transformed + p * plane + t * LANES;
                float *c = products + p * product_plane + t * width;
                if (vectors == 1) multiply<1>(a, step, job.inputs, weights, c, width);
                else multiply<VECTORS>(a, step, job.inputs, weights, c, width);
            }
        }
        int64_t end = n + width < job.outputs ? n + width : job.outputs;
        for (int64_t t = 0; t < count; t++) {
            Tile tile = job.tile(first + t);
            const float *from = products + t * width;
            int64_t o = n;
            for (; o + LANES <= end; o += LANES, from += LANES) finish<Vec, E>(job, tile, from, product_plane, o);
            for (; o < end; o++, from++) finish<float, E>(job, tile, from, product_plane, o);
        }
        n = end;
    }
}

constexpr Kernels kernels = {transform_weights, run_block<float>, run_block<BFloat>, TILES, space_for};

#undef ALWAYS
#undef UNROLL
#undef LANES
#undef TILES
#undef VECTORS
