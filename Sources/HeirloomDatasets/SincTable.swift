import Foundation

/// Band-limited interpolation of samples by a windowed sinc, 24 taps at 256 places between two samples.
struct SincTable: Sendable {
    static let shared = SincTable()

    private static let half = 12
    private static let phases = 256
    private let taps: [Float]

    private init() {
        var taps: [Float] = []
        for phase in 0...Self.phases {
            let fraction = Double(phase) / Double(Self.phases)
            let row = (-Self.half + 1...Self.half).map { (tap: Int) -> Double in
                let distance = Double(tap) - fraction
                let window = pow(cos(.pi / 2 * distance / Double(Self.half + 1)), 2)
                let angle = .pi * 0.97 * distance
                return window * (abs(angle) < 1e-9 ? 1 : sin(angle) / angle)
            }
            let sum = row.reduce(0, +)
            taps += row.map { Float($0 / sum) }
        }
        self.taps = taps
    }

    /// The signal at a place in samples; zero outside.
    func value(of samples: UnsafeBufferPointer<Int16>, at place: Double) -> Float {
        let whole = Int(place.rounded(.down))
        let phase = Int(((place - Double(whole)) * Double(Self.phases)).rounded())
        let first = whole - Self.half + 1
        var sum: Float = 0
        taps.withUnsafeBufferPointer { taps in
            let row = phase * 2 * Self.half
            for tap in max(0, -first)..<max(max(0, -first), min(2 * Self.half, samples.count - first)) {
                sum += taps[row + tap] * Float(samples[first + tap])
            }
        }
        return sum
    }
}
