import Foundation
import HeirloomTensors

/// Fusion of samples that lie between the places of a fine grid: first-order kernel regression (Takeda, Farsiu, Milanfar
/// 2007) over the 3 × 3 samples of every frame around a place.
///
/// Frames that only moved have the same distances everywhere, so all sums are convolutions with one output channel per
/// sum and place within a pixel.
struct KernelRegression {
    private let scale: Int
    /// Factors of the three sums in the constant term, `[1, s², h, w]` each.
    private let factors: [Tensor]
    private let weights: Tensor
    private let moments: Tensor

    /// - Parameters:
    ///   - weights: of every sample of every frame, `[1, N, h, w]`.
    ///   - shifts: what is at p in the fine grid is at p + shift in the frame; at most half a pixel.
    ///   - width: deviation of the weights around a place, in pixels.
    init(weights: Tensor, shifts: [(down: Double, right: Double)], scale: Int, width: Double) {
        self.scale = scale
        self.weights = weights
        let frames = shifts.count
        // Six sums of weights, three of which also weigh samples: 1, dy, dx, dy², dy·dx, dx².
        var numbers = [Float](repeating: 0, count: 6 * scale * scale * frames * 9)
        for phase in 0..<scale * scale {
            let centre = (Self.place(phase / scale, scale), Self.place(phase % scale, scale))
            for (frame, shift) in shifts.enumerated() {
                for neighbour in 0..<9 {
                    let dy = Double(neighbour / 3 - 1) - shift.down - centre.0
                    let dx = Double(neighbour % 3 - 1) - shift.right - centre.1
                    let weight = exp(-(dy * dy + dx * dx) / (2 * width * width))
                    for (sum, factor) in [1, dy, dx, dy * dy, dy * dx, dx * dx].enumerated() {
                        let channel = sum * scale * scale + phase
                        numbers[(channel * frames + frame) * 9 + neighbour] = Float(weight * factor)
                    }
                }
            }
        }
        let kernels = Tensor(
            numbers, shape: [6 * scale * scale, frames, 3, 3], device: weights.device)
        moments = kernels.sliced(axis: 0, from: 0, to: 3 * scale * scale)
        let sums = weights.conv2d(kernels, padding: (1, 1)).split(every: scale * scale, axis: 1)
        let (a, b, c, d, e, f) = (sums[0], sums[1], sums[2], sums[3] + 1e-2, sums[4], sums[5] + 1e-2)
        let (minor0, minor1, minor2) = (d * f - e * e, b * f - c * e, b * e - c * d)
        let determinant = (a * minor0 - b * minor1 + c * minor2).clamped(to: 1e-12...)
        factors = [minor0 / determinant, -minor1 / determinant, minor2 / determinant]
    }

    /// Fuses one channel.
    /// - Parameter samples: `[1, N, h, w]`.
    /// - Returns: `[1, 1, h·s, w·s]`.
    func callAsFunction(_ samples: Tensor) -> Tensor {
        let sums = (samples * weights).conv2d(moments, padding: (1, 1)).split(every: scale * scale, axis: 1)
        return (factors[0] * sums[0] + factors[1] * sums[1] + factors[2] * sums[2]).pixelShuffled(scale)
    }

    /// Where a place of the fine grid lies from the centre of its pixel, in pixels.
    private static func place(_ index: Int, _ scale: Int) -> Double {
        (Double(index) + 0.5) / Double(scale) - 0.5
    }
}
