import Foundation
import HeirloomDatasets
public import HeirloomTensors

/// Simulated rooms, computed once: what each of several microphones hears of a talker and of a noise somewhere else, as far
/// as single reflections can be told; the decay behind it is drawn anew for every crop.
public final class RoomBank {
    /// Which rooms.
    public struct Options: Codable, Sendable, Equatable {
        /// Number of rooms; a hundred take about two seconds of one core.
        public var count = 300
        /// Microphones in each room.
        public var microphones = 4
        /// Samples per second.
        public var sampleRate = 16_000
        /// Reverberation times in seconds.
        public var reverberation = 0.1...1.0
        /// Length, width and height in metres.
        public var length = 3.0...10.0, width = 3.0...8.0, height = 2.4...4.0
        /// Distance of the microphones from the talker in metres, as far as the room allows.
        public var distance = 0.4...3.0
        /// Seconds behind the direct sound that are computed by images.
        public var early = 0.08
        /// Largest displacement of an image in metres.
        public var jitter = 0.05

        /// The rooms of the specification.
        public init() {}
    }

    /// The options.
    public let options: Options
    /// Reverberation time of each room in seconds, ascending.
    public let reverberation: [Double]
    /// Number of microphones in each room, the one nearest to the talker first.
    public var microphones: Int { options.microphones }

    /// Samples before the first direct sound of a room.
    static let lead = 32
    /// Responses, faded out over the last 10 ms: Float32 `[rooms · 2 · microphones, samples]`, talker then noise.
    let responses: Tensor
    /// Deviation that decaying noise has at the end of each response.
    let tails: [Double]
    /// Place of the talker's direct sound in each response.
    let directs: [Int]

    /// Computes the rooms of a seed.
    public init(_ options: Options = Options(), seed: UInt64 = 0, device: Device = .cpu) {
        precondition(options.count > 0 && options.microphones > 0, "\(options.count) rooms")
        self.options = options
        var random = RandomSequence(seed, 0x80_03)
        let (low, high) = (options.reverberation.lowerBound, options.reverberation.upperBound)
        // Equally many rooms in each ratio of times, the dry ones first.
        let times = (0..<options.count).map { low * pow(high / low, (Double($0) + 0.5) / Double(options.count)) }
        reverberation = times
        let generator = Generator(seed: random.next())
        let rooms = times.map { Simulated($0, options, generator, &random) }
        responses = concatenated(rooms.map(\.responses), axis: 0).to(device: device)
        tails = rooms.flatMap(\.tails)
        directs = rooms.flatMap(\.directs)
    }

    /// A room whose reverberation time is in a range, or the one nearest to it.
    func index(_ choice: UInt64, within times: ClosedRange<Double>) -> Int {
        let first = reverberation.firstIndex { $0 >= times.lowerBound } ?? options.count - 1
        let end = reverberation.firstIndex { $0 > times.upperBound } ?? options.count
        return first + Int(choice % UInt64(max(1, end - first)))
    }

    /// The row of ``responses`` of a microphone.
    func row(room: Int, isNoise: Bool, microphone: Int) -> Int {
        (2 * room + (isNoise ? 1 : 0)) * microphones + microphone
    }
}

/// One room while the bank is made.
private struct Simulated {
    let responses: Tensor
    var tails: [Double] = []
    var directs: [Int] = []

    init(_ time: Double, _ options: RoomBank.Options, _ generator: Generator, _ random: inout RandomSequence) {
        let size = [random.uniform(options.length), random.uniform(options.width), random.uniform(options.height)]
        func place(_ low: Double, _ high: Double) -> [Double] {
            [random.uniform(0.4, size[0] - 0.4), random.uniform(0.4, size[1] - 0.4), random.uniform(low, high)]
        }
        let talker = place(1.1, 1.7)
        var microphones = (0..<options.microphones).map { _ in
            let (distance, angle) = (random.uniform(options.distance), random.uniform(0, 2 * .pi))
            return [
                min(max(talker[0] + distance * cos(angle), 0.2), size[0] - 0.2),
                min(max(talker[1] + distance * sin(angle), 0.2), size[1] - 0.2), random.uniform(0.7, 1.2),
            ]
        }
        microphones.sort { Self.distance($0, talker) < Self.distance($1, talker) }
        let noise = place(0.3, min(2.2, size[2] - 0.2))
        var room = ImageMethod(size: size, reverberation: time)
        room.jitter = options.jitter
        room.reach = 12
        let rate = Double(options.sampleRate)
        func arrival(_ from: [Double], _ to: [Double]) -> Int {
            Int((Self.distance(from, to) / room.speedOfSound * rate).rounded())
        }
        let first = max(0, arrival(talker, microphones[0]) - RoomBank.lead)
        let count = RoomBank.lead + Int(options.early * rate)
        let firstNoise = max(0, (microphones.map { arrival(noise, $0) }.min() ?? 0) - RoomBank.lead)
        let rows = [(talker, first), (noise, firstNoise)].map { source, start in
            room.responses(
                from: source, to: microphones, sampleRate: options.sampleRate, count: start + count, using: generator
            ).sliced(axis: 1, from: start)
        }
        let all = concatenated(rows, axis: 0)
        // The talker at the nearest microphone has a direct sound of 1, whatever the distance.
        let scaled = all * Self.distance(talker, microphones[0])
        let fade = Int(0.01 * rate)
        let window = 2 * fade
        let last = scaled.sliced(axis: 1, from: count - window)
        // The middle of the window lies a fade before the end: there is where the level was measured.
        let decay = pow(10, -3 * Double(fade) / rate / time)
        tails = last.squared().mean(axes: [1]).sqrt().scalars(as: Float.self).map { Double($0) * decay }
        directs = microphones.map { arrival(talker, $0) - first }
        directs += microphones.map { arrival(noise, $0) - firstNoise }
        let ends = (0..<count).map { max(0, Float($0 - (count - fade)) / Float(fade)) }
        responses = scaled * Tensor(ends.map { cos($0 * .pi / 2) }).unsqueezed(0)
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}
