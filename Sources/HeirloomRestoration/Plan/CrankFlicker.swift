import Foundation

/// Finds the flicker of a hand-cranked camera: a crank turns once in 8 frames and is not turned evenly, so that the
/// exposure swings with that period.
enum CrankFlicker {
    /// Frames of a turn of the crank.
    static let period = 8
    /// Frames of a window: whole turns.
    private static let window = 64
    /// How many times the usual power at other frequencies the power at the crank's must be.
    private static let prominence = 12.0
    /// The least swing, in parts of the mean luma, that can be seen: half a percent.
    private static let leastSwing = 0.005

    /// Whether the brightness of the film's shots swings with the crank.
    static func isPresent(in frames: [SurveyedFrame]) -> Bool {
        let windows = windows(of: frames)
        guard windows.count >= 3 else { return false }
        let frequencies = 3...window / 2 - 1
        var power = [Double](repeating: 0, count: window / 2)
        for series in windows {
            for frequency in frequencies { power[frequency] += Self.power(series, frequency) }
        }
        let crank = window / period
        let other = frequencies.filter { abs($0 - crank) > 1 && abs($0 - 2 * crank) > 1 }.map { power[$0] }
        // The power of a sine of amplitude a over n samples is (a · n / 2)².
        let swing = (power[crank] / Double(windows.count)).squareRoot() * 2 / Double(window)
        let neighbours = max(power[crank - 2], power[crank + 2])
        return swing >= leastSwing && power[crank] > prominence * max(Spread.middle(other), 1e-12)
            && power[crank] > 4 * neighbours
    }

    /// The mean luma of whole windows inside shots, in parts of its mean, its slow drift taken out.
    private static func windows(of frames: [SurveyedFrame]) -> [[Double]] {
        var result: [[Double]] = []
        var run: [SurveyedFrame] = []
        func close() {
            for start in stride(from: 0, through: run.count - window, by: window) {
                let means = run[start..<start + window].map(\.mean)
                let average = means.reduce(0, +) / Double(window)
                guard average > 0.02 else { continue }
                result.append(detrended(means.map { $0 / average }))
            }
            run = []
        }
        for frame in frames {
            if let last = run.last, last.stretch != frame.stretch || last.shot != frame.shot { close() }
            run.append(frame)
        }
        close()
        return result
    }

    /// Without the straight line that fits best.
    private static func detrended(_ numbers: [Double]) -> [Double] {
        let count = Double(numbers.count)
        let middle = (count - 1) / 2
        let mean = numbers.reduce(0, +) / count
        var (above, below) = (0.0, 0.0)
        for (place, number) in numbers.enumerated() {
            above += (Double(place) - middle) * (number - mean)
            below += (Double(place) - middle) * (Double(place) - middle)
        }
        let slope = above / below
        return numbers.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
    }

    private static func power(_ series: [Double], _ frequency: Int) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for (place, value) in series.enumerated() {
            let angle = 2 * Double.pi * Double(frequency * place) / Double(series.count)
            real += value * cos(angle)
            imaginary += value * sin(angle)
        }
        return real * real + imaginary * imaginary
    }
}
