import Foundation

/// How good cleaned speech is, as means over held-out scenes, beside the same figures of the recordings as they came.
public struct SoundFigures: TrainingFigures {
    /// Number of scenes.
    public var scenes: Int
    /// Scale-invariant signal to distortion ratio in dB: of the network's output, and of the recording.
    public var siSDR: Double, rawSISDR: Double
    /// Short-time objective intelligibility, 0...1.
    public var stoi: Double, rawSTOI: Double
    /// Log-spectral distance in dB.
    public var distance: Double, rawDistance: Double
    /// The same ratio in dB for clean speech that goes in: how little is done where nothing is to be done.
    public var cleanSISDR: Double
    /// For each scene: the compressed spectrum's error and what is missing of the intelligibility, each as a part of the
    /// recording's, half of each. 1 is as good as nothing done, smaller is better.
    public var scores: [Double]

    /// The figures in a line.
    public var summary: String {
        String(
            format: "SI-SDR %.2f dB (raw %.2f), STOI %.3f (raw %.3f), log-spectral distance %.2f dB (raw %.2f), "
                + "clean speech %.1f dB, score %.3f (raw 1)",
            siSDR, rawSISDR, stoi, rawSTOI, distance, rawDistance, cleanSISDR, score)
    }

    /// Speech that was clean has to stay so, however well noise is taken away.
    public func objection(against base: SoundFigures) -> String? {
        guard cleanSISDR < min(18, base.cleanSISDR - 3) else { return nil }
        return String(format: "it leaves clean speech only %.1f dB clean", cleanSISDR)
    }
}
