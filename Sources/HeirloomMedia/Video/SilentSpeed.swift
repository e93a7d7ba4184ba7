import CLibAV

/// Showing a silent film at the speed at which it was shot: its ticks are kept and last longer or shorter.
///
/// Nothing is computed anew, so no frame is doubled, blended or left out.
enum SilentSpeed {
    /// How much longer a film lasts when it is shown at another speed.
    ///
    /// - Parameters:
    ///   - speed: frames in a second that are wanted.
    ///   - rate: frames in a second as the file has them, on average.
    /// - Throws: `unsupported` for films with sound, which would not fit any more, and for unknown rates.
    static func stretch(
        to speed: Rational, rate: Rational?, summary: MediaSummary, operation: String
    ) throws(MediaError) -> Rational {
        precondition(speed.numerator > 0, "a film cannot be shown at \(speed) frames a second")
        if let sound = summary.streams.first(where: { $0.kind == .audio }) {
            throw MediaError(
                .unsupported, operation, path: summary.path,
                reason: "its speed shall change and it has a sound track (stream \(sound.index)), which would not fit",
                advice: "leave the speed as it is, or remove the sound first where it is only noise")
        }
        guard let rate else {
            throw MediaError(
                .unsupported, operation, path: summary.path,
                reason: "its speed shall change and the file does not say how many frames a second it has",
                advice: "convert the film to one with a stated rate first")
        }
        return rate.times(speed.inverted)
    }

    /// A sentence about the change.
    static func note(_ speed: Rational, rate: Rational?) -> String {
        func words(_ rate: Rational) -> String {
            let hundredths = (rate.doubleValue * 100).rounded() / 100
            return hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)
        }
        return "The film is shown at \(words(speed)) frames a second instead of \(rate.map(words) ?? "unknown");"
            + " its frames are the same."
    }
}

extension Rational {
    /// The product in lowest terms; the nearest ratio of numbers up to a limit where it has larger ones.
    func times(_ other: Rational, limit: Int32 = .max) -> Rational {
        var (above, below): (Int32, Int32) = (0, 1)
        av_reduce(
            &above, &below, Int64(numerator) * Int64(other.numerator), Int64(denominator) * Int64(other.denominator),
            Int64(limit))
        return Rational(max(above, 1), max(below, 1))
    }
}
