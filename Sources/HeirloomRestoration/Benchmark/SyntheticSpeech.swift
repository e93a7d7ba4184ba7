import Foundation
import HeirloomMedia

/// Made-up speech as several drifting microphones hear it: harmonics in bursts with pauses, each with its own noise.
struct SyntheticSpeech {
    let sampleRate: Int

    /// Writes what one microphone hears.
    ///
    /// - Parameter microphone: which one; each has its own start, clock, level and noise.
    func write(to path: String, seconds: Double, microphone: Int) throws {
        let writer = try AudioWriter(
            to: URL(fileURLWithPath: path), sampleRate: sampleRate, channelCount: 1, format: .int16)
        let clock = (1 + Double(microphone) * 17e-6) / Double(sampleRate)
        let start = Double(microphone) * 0.73
        var noise = UInt64(microphone + 1) &* 0x9E37_79B9_7F4A_7C15
        let count = Int(seconds * Double(sampleRate))
        var position = 0
        while position < count {
            let length = min(sampleRate, count - position)
            var samples = [Float](repeating: 0, count: length)
            for index in 0..<length {
                noise ^= noise << 13
                noise ^= noise >> 7
                noise ^= noise << 17
                let hiss = Double(noise >> 11) / Double(1 << 53) - 0.5
                let time = start + Double(position + index) * clock
                samples[index] = Float(Self.voice(at: time) * (1 - 0.15 * Double(microphone)) + 0.02 * hiss)
            }
            try writer.write([samples])
            position += length
        }
        try writer.finish()
    }

    /// The voice at a time: syllables of a third of a second, every one with a pitch and two formants of its own.
    private static func voice(at time: Double) -> Double {
        let syllable = (time * 3).rounded(.down)
        let inside = time * 3 - syllable
        let random = { (salt: Double) -> Double in
            let value = sin((syllable + 1) * 12.9898 + salt * 78.233) * 43758.5453
            return value - value.rounded(.down)
        }
        guard random(0) > 0.25, inside < 0.5 + 0.5 * random(1) else { return 0 }
        let pitch = 90 + 150 * random(2)
        let formants = (300 + 500 * random(3), 900 + 1500 * random(4))
        var value = 0.0
        for harmonic in 1...8 {
            let frequency = pitch * Double(harmonic)
            let near = exp(-pow((frequency - formants.0) / 250, 2)) + exp(-pow((frequency - formants.1) / 250, 2))
            value += (0.03 + near) * sin(2 * .pi * frequency * time)
        }
        return 0.15 * sin(.pi * min(1, inside * 2)) * value
    }
}
