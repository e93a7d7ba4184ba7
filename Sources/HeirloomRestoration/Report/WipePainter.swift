import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors

/// Paints the frames of a ``WipeClip``: the left from one film, the right from the other, a line between, two captions.
struct WipePainter {
    /// Seconds that the line takes to and fro.
    static let period = 9.0
    /// How far from the middle the line goes, as a share of the width.
    static let reach = 0.36

    private let format: VideoFormat
    private let luma: LumaReducer
    private let chroma: LumaReducer
    private let captions: (before: WipeCaption, after: WipeCaption)

    /// Three planes of numbers in the clip's matrix: luma 0...1, chroma −0.5...0.5.
    private struct Planes {
        var luma: [Float]
        var chroma: [[Float]]
    }

    /// A painter of 8-bit 4:2:0 frames with square samples and limited range.
    init(format: VideoFormat) {
        self.format = format
        luma = LumaReducer(
            width: format.width, height: format.height, paddedWidth: format.width, paddedHeight: format.height)
        let (width, height) = (format.width / 2, format.height / 2)
        chroma = LumaReducer(width: width, height: height, paddedWidth: width, paddedHeight: height)
        captions = (
            WipeCaption("before", width: format.width, height: format.height, isLeft: true),
            WipeCaption("after", width: format.width, height: format.height, isLeft: false)
        )
    }

    /// Where the line is at a time, in samples from the left.
    func line(at seconds: Double) -> Double {
        Double(format.width) * (0.5 + Self.reach * sin(2 * .pi * seconds / Self.period))
    }

    /// The planes of the frame at a time of the clip.
    func paint(_ before: VideoFrame, _ after: VideoFrame, seconds: Double) -> [VideoFrame.Plane] {
        let (left, right) = (planes(of: before), planes(of: after))
        let line = line(at: seconds)
        var picture = mix(left.luma, right.luma, width: format.width, line: line)
        var colors = zip(left.chroma, right.chroma).map { mix($0, $1, width: format.width / 2, line: line / 2) }
        draw(line, on: &picture, &colors)
        for caption in [captions.before, captions.after] {
            caption.draw(on: &picture, &colors, lineAt: line)
        }
        return [plane(picture, width: format.width, scale: 219, zero: 16)]
            + colors.map { plane($0, width: format.width / 2, scale: 224, zero: 128) }
    }

    private func planes(of frame: VideoFrame) -> Planes {
        let count = (format.width / 2) * (format.height / 2)
        guard frame.pixelFormat.planeCount == 3 else {
            let none = [Float](repeating: 0, count: count)
            return Planes(luma: luma(frame), chroma: [none, none])
        }
        guard frame.color.matrix == format.color.matrix else { return converted(frame) }
        let scale = SampleScale.chroma(of: frame.pixelFormat, range: frame.color.range)
        let (factor, offset) = (Float(frame.pixelFormat.maximum) / scale.span, scale.zero / scale.span)
        return Planes(luma: luma(frame), chroma: (1...2).map { chroma(frame.plane($0)).map { $0 * factor - offset } })
    }

    /// The planes of a frame of another matrix: through red, green and blue.
    private func converted(_ frame: VideoFrame) -> Planes {
        let large = SmallPicture(frame, width: format.width, height: format.height).rgb
        let small = SmallPicture(frame, width: format.width / 2, height: format.height / 2).rgb
        let matrix = YCbCrMatrix(format.color.matrix) ?? .bt709
        let chroma = matrix.split(small).chroma.floats
        let count = chroma.count / 2
        return Planes(
            luma: matrix.luma(of: large).floats, chroma: [Array(chroma[..<count]), Array(chroma[count...])])
    }

    /// Left of the line from one picture, right of it from another; the column that the line cuts has its share of both.
    private func mix(_ left: [Float], _ right: [Float], width: Int, line: Double) -> [Float] {
        let whole = min(max(Int(line), 0), width)
        let share = Float(line - Double(whole))
        var result = right
        for row in stride(from: 0, to: right.count, by: width) {
            for column in row..<row + whole { result[column] = left[column] }
            if whole < width {
                result[row + whole] = right[row + whole] + (left[row + whole] - right[row + whole]) * share
            }
        }
        return result
    }

    /// A white line with a soft dark edge, so that it is seen before light and dark.
    private func draw(_ line: Double, on luma: inout [Float], _ chroma: inout [[Float]]) {
        let half = max(0.75, Double(format.width) / 900)
        let edge = half + max(1, Double(format.width) / 640)
        let columns = max(0, Int(line - edge) - 1)..<min(format.width, Int(line + edge) + 2)
        for column in columns {
            let distance = abs(Double(column) + 0.5 - line)
            let white = Float(min(max(half + 0.5 - distance, 0), 1))
            let dark = Float(min(max(edge + 0.5 - distance, 0), 1)) * 0.5
            for row in 0..<format.height {
                let place = row * format.width + column
                luma[place] = (luma[place] * (1 - dark)) * (1 - white) + 0.95 * white
            }
            for row in 0..<format.height / 2 where column / 2 < format.width / 2 {
                let place = row * (format.width / 2) + column / 2
                for plane in chroma.indices { chroma[plane][place] *= 1 - white }
            }
        }
    }

    private func plane(_ numbers: [Float], width: Int, scale: Float, zero: Float) -> VideoFrame.Plane {
        let bytes = numbers.map { UInt8(min(max(($0 * scale + zero).rounded(), 1), 254)) }
        return VideoFrame.Plane(width: width, height: numbers.count / width, bytesPerRow: width, bytes: bytes)
    }
}
