import Foundation

/// Sound by formula, the same as in `Fixtures/sound-metrics/make_sound_metrics.py`.
enum SyntheticVoice {
    /// Uniform in −0.5...0.5, 24 bits, of a linear congruential generator.
    static func noise(_ seed: UInt64, _ count: Int) -> [Double] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / 16_777_216 - 0.5
        }
    }

    /// Syllables of a gliding tone; every third of them hisses.
    static func voice(rate: Int, seconds: Double, pitch: Double = 120) -> [Double] {
        let count = Int(Double(rate) * seconds)
        let (hiss, floor) = (noise(7, count), noise(9, count))
        let overtones = (1..<25).map(Double.init).filter { $0 * pitch * 1.2 < Double(rate) / 2 }
        return (0..<count).map { index in
            let t = Double(index) / Double(rate)
            let syllable = Int(t * 4.2) % 6
            let pulse = max(0, sin(2 * .pi * 2.1 * t))
            let beat = t.truncatingRemainder(dividingBy: 1.7) < 1.3 ? pulse * pulse : 0
            var sound = hiss[index]
            if syllable != 2 {
                let phase = 2 * .pi * (pitch * t + 4 * sin(2 * .pi * 0.7 * t))
                sound = overtones.reduce(0) { $0 + sin($1 * phase) / $1 }
            }
            return 0.2 * beat * sound + 1e-5 * floor[index]
        }
    }
}
