import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals

/// Measures frames for a survey, without tensors.
struct FrameMeter {
    /// Columns of the measured picture: twice those of the thumbnails that cuts are found on.
    static let width = 2 * ShotDetector.width
    /// Rows of the measured picture.
    static let height = 2 * ShotDetector.height

    private let reducer = LumaReducer(
        width: Self.width, height: Self.height, paddedWidth: Self.width, paddedHeight: Self.height)
    private var previous: [Float]?

    /// What a frame tells, and its thumbnail for finding cuts.
    mutating func measure(_ frame: VideoFrame, time: MediaTime) -> (frame: SurveyedFrame, thumbnail: [Float]) {
        let picture = reducer(frame)
        defer { previous = picture }
        let (width, height) = (Self.width, Self.height)
        var (sum, squares, steps, change): (Float, Float, Float, Float) = (0, 0, 0, 0)
        picture.withUnsafeBufferPointer { now in
            for y in 0..<height {
                for x in 0..<width {
                    let value = now[y &* width &+ x]
                    sum += value
                    squares += value * value
                    if x &+ 1 < width { steps += abs(now[y &* width &+ x &+ 1] - value) }
                    if y &+ 1 < height { steps += abs(now[y &* width &+ x &+ width] - value) }
                }
            }
            previous?.withUnsafeBufferPointer { before in
                for place in 0..<width &* height { change += abs(now[place] - before[place]) }
            }
        }
        let count = Float(width * height)
        let mean = sum / count
        let variance = max(0, squares / count - mean * mean)
        let surveyed = SurveyedFrame(
            time: time, mean: Double(mean), contrast: Double(variance.squareRoot()),
            detail: Double(steps / count / 2), motion: Double(change / count), isDamaged: frame.isCorrupt)
        return (surveyed, Self.thumbnail(of: picture))
    }

    /// What comes next does not follow what was measured last.
    mutating func jump() { previous = nil }

    private static func thumbnail(of picture: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: ShotDetector.width * ShotDetector.height) { buffer, count in
            picture.withUnsafeBufferPointer { full in
                for y in 0..<ShotDetector.height {
                    for x in 0..<ShotDetector.width {
                        let place = 2 &* y &* width &+ 2 &* x
                        buffer[y &* ShotDetector.width &+ x] =
                            (full[place] + full[place &+ 1] + full[place &+ width] + full[place &+ width &+ 1]) / 4
                    }
                }
            }
            count = ShotDetector.width * ShotDetector.height
        }
    }
}
