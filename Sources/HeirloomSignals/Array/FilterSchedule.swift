import HeirloomTensors

/// Which filter counts how much at which frame: the fades from one filter to another.
struct FilterSchedule {
    /// A set of channels and how much the filter made of them counts in each frame.
    struct Part {
        let channels: [Int]
        let gains: [Float]
    }

    /// The parts; at every frame their gains add up to 1.
    let parts: [Part]

    /// The sets of channels that recorded something, one after the other.
    ///
    /// A set fades out before the first frame that one of its channels misses, and in after the last.
    /// - Parameters:
    ///   - valid: for each channel whether it recorded the frames.
    ///   - fade: frames from one set to the next.
    init(valid: [[Bool]], fade: Int) {
        let frames = valid.first?.count ?? 0
        let half = max(1, fade / 2)
        // Each channel leaves half a fade early and comes back half a fade late; the mean over a fade does the rest.
        let present = valid.map { FilterSchedule.eroded($0, by: half) }
        var names: [[Int]: Int] = [:]
        var sets: [[Int]] = []
        var which = [Int](repeating: 0, count: frames)
        for frame in 0..<frames {
            let set = present.indices.filter { present[$0][frame] }
            if let known = names[set] {
                which[frame] = known
            } else {
                names[set] = sets.count
                which[frame] = sets.count
                sets.append(set)
            }
        }
        parts = sets.indices.map { index in
            Part(channels: sets[index], gains: FilterSchedule.smoothed(which.map { $0 == index ? 1 : 0 }, radius: half))
        }
    }

    /// The frames whose neighbours up to a distance are all true; nothing is known to be false outside.
    private static func eroded(_ values: [Bool], by radius: Int) -> [Bool] {
        var result = values
        for (frame, value) in values.enumerated() where !value {
            for near in max(0, frame - radius)...min(values.count - 1, frame + radius) { result[near] = false }
        }
        return result
    }

    /// The running mean over `2 · radius` frames; the ends are repeated.
    static func smoothed(_ values: [Float], radius: Int) -> [Float] {
        guard let first = values.first, let last = values.last, values.contains(where: { $0 != first }) else {
            return values
        }
        let padded = [Float](repeating: first, count: radius) + values + [Float](repeating: last, count: radius)
        var sum = padded[0..<(2 * radius)].reduce(0, +)
        return values.indices.map { index in
            // The mean of a window that is even and so leans by half a frame.
            let mean = sum / Float(2 * radius)
            sum += padded[index + 2 * radius] - padded[index]
            return min(1, max(0, mean))
        }
    }
}
