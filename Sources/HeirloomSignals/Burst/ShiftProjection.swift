import Foundation
import HeirloomTensors

/// How the camera makes coarse frames, each moved by a fraction of a pixel, from the fine picture: a Gaussian blur, then
/// the mean over a pixel; and the way back.
///
/// Both are separable and the same at every pixel, so all frames are made by two strided convolutions.
struct ShiftProjection {
    private let scale: Int
    private let reach: Int
    private let vertical: Tensor
    private let horizontal: Tensor

    /// - Parameters:
    ///   - shifts: in pixels of the frames, at most half a pixel.
    ///   - pointSpread: deviation of the Gaussian, in pixels of the frames.
    init(shifts: [(down: Double, right: Double)], scale: Int, pointSpread: Double, device: Device) {
        self.scale = scale
        // A narrower bell would fall between the places of the fine grid.
        let deviation = max(pointSpread * Double(scale), 0.4)
        let reach = Int((4 * deviation + Double(scale) / 2).rounded(.up))
        self.reach = reach
        func kernels(_ shifts: [Double]) -> Tensor {
            let length = 2 * reach + scale
            let numbers = shifts.flatMap { shift in
                let values = (0..<length).map { index in
                    (0..<scale).reduce(0.0) { sum, place in
                        let distance = Double(place) - shift * Double(scale) - Double(index - reach)
                        return sum + exp(-distance * distance / (2 * deviation * deviation))
                    }
                }
                let total = values.reduce(0, +)
                return values.map { Float($0 / total) }
            }
            return Tensor(numbers, shape: [shifts.count, 1, length, 1], device: device)
        }
        vertical = kernels(shifts.map(\.down))
        horizontal = kernels(shifts.map(\.right)).swappingAxes(2, 3).contiguous()
    }

    /// What the frames would show: `[1, 1, h·s, w·s]` → `[1, N, h, w]`.
    func frames(of picture: Tensor) -> Tensor {
        picture.padded([0, 0, reach, reach], mode: .replicate).conv2d(vertical, stride: (scale, 1))
            .padded([reach, reach, 0, 0], mode: .replicate)
            .conv2d(horizontal, stride: (1, scale), groups: horizontal.shape[0])
    }

    /// Samples of the frames spread to where they came from, and summed: `[1, N, h, w]` → `[1, 1, h·s, w·s]`. Ones
    /// become N, away from the border.
    func picture(from samples: Tensor) -> Tensor {
        let (height, width) = (samples.shape[2] * scale, samples.shape[3] * scale)
        let rows = samples.convTransposed2d(horizontal, stride: (1, scale), groups: horizontal.shape[0])
            .sliced(axis: 3, from: reach, to: reach + width)
        return rows.convTransposed2d(vertical, stride: (scale, 1)).sliced(axis: 2, from: reach, to: reach + height)
            * Double(scale * scale)
    }
}
