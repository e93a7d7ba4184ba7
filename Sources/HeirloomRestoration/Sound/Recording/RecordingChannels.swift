import HeirloomSignals

/// Which channels of a recording are microphones of their own.
enum RecordingChannels: Equatable {
    /// These, each for itself.
    case separate([Int])
    /// All of them, mixed into one.
    case mixed

    /// How many microphones that makes.
    var count: Int {
        switch self {
        case .separate(let indices): indices.count
        case .mixed: 1
        }
    }

    /// The microphones of what was read.
    func of(_ channels: [[Float]]) -> [[Float]] {
        switch self {
        case .separate(let indices): indices.map { channels[$0] }
        case .mixed: [Self.mix(channels)]
        }
    }

    /// What is wrong with each of the microphones; of mixed ones, what is wrong with the first channel.
    func health(_ health: [HealthReport]) -> [HealthReport] {
        switch self {
        case .separate(let indices): indices.map { health[$0] }
        case .mixed: Array(health.prefix(1))
        }
    }

    /// The mean of the channels.
    static func mix(_ channels: [[Float]]) -> [Float] {
        guard channels.count > 1 else { return channels[0] }
        var sum = channels[0]
        let scale = 1 / Float(channels.count)
        sum.withUnsafeMutableBufferPointer { sum in
            for channel in channels.dropFirst() {
                channel.withUnsafeBufferPointer { for index in sum.indices { sum[index] += $0[index] } }
            }
            for index in sum.indices { sum[index] *= scale }
        }
        return sum
    }
}
