import Foundation

extension HealthReport {
    /// Something that is wrong.
    public enum Fault: String, Sendable, Codable, CaseIterable {
        /// Nothing but steady noise, hum or silence.
        case dead
        /// More than one sample in a hundred is cut off: of use for synchronisation, not for the result.
        case clipped
        /// Between one in a thousand and one in a hundred are cut off: can be repaired.
        case slightlyClipped
        /// Loud parts are squeezed as by an overdriven input, without being cut off.
        case saturated
        /// Stretches without sound.
        case muted
        /// The tone of the mains.
        case hum
        /// Cut off by a telephone, codec or filter.
        case bandLimited
        /// A constant part.
        case offset
        /// Samples that were no numbers.
        case invalid
        /// So quiet that the converter's steps are near.
        case quiet
    }

    /// What is wrong, the worst first.
    public var faults: [Fault] {
        guard !isDead else { return [.dead] + (hum == nil ? [] : [.hum]) }
        let rules: [(Fault, Bool)] = [
            (.clipped, clippedFraction > 0.01), (.slightlyClipped, 0.001...0.01 ~= clippedFraction),
            (.saturated, clippedFraction < 0.001 && topKurtosis < 3.5), (.muted, !mutes.isEmpty),
            (.bandLimited, bandLimit != nil), (.hum, hum != nil), (.offset, abs(offset) > 0.005),
            (.quiet, loudLevel < -55), (.invalid, invalidCount > 0),
        ]
        return rules.filter(\.1).map(\.0)
    }

    /// Gaps inside the recording: digital silence before its beginning and after its end is none.
    public var mutes: [Gap] {
        gaps.filter { $0.start > 0 && $0.start + $0.count < sampleCount }
    }

    /// What is wrong in words, such as "one sample in 22 is clipped; 0.50 s without sound at 20.00 s".
    public var summary: String {
        sentences.isEmpty ? "nothing is wrong" : sentences.joined(separator: "; ")
    }

    /// What is wrong in words, one fault each, the worst first.
    public var sentences: [String] { faults.map(words) }

    private func words(_ fault: Fault) -> String {
        switch fault {
        case .dead:
            isSilent ? "dead: there is no sound in it" : "dead: there is only steady noise in it"
        case .clipped, .slightlyClipped: "one sample in \(Int((1 / clippedFraction).rounded())) is clipped"
        case .saturated: "the loud parts are overdriven"
        case .muted: muteWords
        case .hum: hum.map { "\(Int($0.mains)) Hz hum of \(String(format: "%.0f", $0.level)) dB" } ?? ""
        case .bandLimited: bandLimit.map { "nothing above \(String(format: "%.1f", $0 / 1000)) kHz" } ?? ""
        case .offset: String(format: "a constant offset of %.1f %% of full scale", 100 * offset)
        case .invalid: "\(invalidCount) sample\(invalidCount == 1 ? " is no number" : "s are no numbers")"
        case .quiet: String(format: "very quiet, %.0f dB at its loudest", loudLevel)
        }
    }

    private var muteWords: String {
        let rate = Double(sampleRate)
        let seconds = Double(mutes.reduce(0) { $0 + $1.count } + unlistedGapSamples) / rate
        let total = String(format: seconds < 0.1 ? "%.3f s without sound" : "%.2f s without sound", seconds)
        guard mutes.count + (unlistedGapSamples > 0 ? 1 : 0) > 1 else {
            return total + String(format: " at %.2f s", Double(mutes[0].start) / rate)
        }
        return total + String(format: " in %d places, the first at %.2f s", mutes.count, Double(mutes[0].start) / rate)
    }
}
