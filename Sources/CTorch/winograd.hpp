// What the kernels of winograd_kernel.hpp work on.
#pragma once

#include <cstdint>

namespace ctorch::winograd {

/// The upper half of a float32.
struct BFloat { uint16_t bits; };

/// Pictures whose channels lie side by side; the steps are in elements.
struct Plane {
    char *data;
    int64_t batch, row, pixel;

    template <class E> E *at(int64_t n, int64_t y, int64_t x) const {
        return reinterpret_cast<E *>(data) + n * batch + y * row + x * pixel;
    }
};

/// 4×4 pixels of the output, fewer at the right and at the bottom.
struct Tile { int64_t batch, y, x; int height, width; };

/// One convolution.
struct Job {
    static constexpr int most_added = 2;

    Plane in, out, added[most_added];
    float scales[most_added];
    int additions;
    int64_t inputs, outputs, batch, height, width;
    /// How many times the input is read larger than it is, by repeating pixels.
    int64_t enlargement;
    /// Weights [inputs][9][padded], bias and slopes [padded] as they were packed.
    const float *packed;
    int64_t padded;
    /// As many zeros as there are input channels.
    const void *zeros;
    /// Most tiles that are worked on at once.
    int64_t block;

    const float *bias() const { return packed + 9 * inputs * padded; }
    const float *slopes() const { return bias() + padded; }
    int64_t columns() const { return (width + 3) / 4; }
    int64_t rows() const { return (height + 3) / 4; }
    int64_t tiles() const { return batch * rows() * columns(); }

    Tile tile(int64_t index) const {
        int64_t x = index % columns() * 4, y = index / columns() % rows() * 4;
        return {index / columns() / rows(), y, x, static_cast<int>(height - y < 4 ? height - y : 4),
                static_cast<int>(width - x < 4 ? width - x : 4)};
    }

    /// The 6×6 pixels that a tile depends on, outside the picture zeros.
    template <class E> void pixels(const Tile &tile, const E **pixels) const {
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                int64_t y = tile.y + i - 1, x = tile.x + j - 1;
                bool inside = y >= 0 && x >= 0 && y < height && x < width;
                pixels[6 * i + j] = inside ? in.at<E>(tile.batch, y / enlargement, x / enlargement)
                                           : static_cast<const E *>(zeros);
            }
        }
    }
};

/// The kernels for one instruction set.
struct Kernels {
    /// Input channels first..<last of the packed weights, in the form that the others take.
    void (*weights)(const Job &, int64_t first, int64_t last, float *to);
    /// Tiles first..<first + count, at most `block` of them, of float32 or bfloat16 pictures.
    void (*float32)(const Job &, const float *weights, int64_t first, int64_t count, float *space);
    void (*bfloat16)(const Job &, const float *weights, int64_t first, int64_t count, float *space);
    /// Tiles that the product covers in one step.
    int64_t tiles;
    /// Floats of working space for one thread.
    int64_t (*space)(const Job &);
};

} // namespace ctorch::winograd
