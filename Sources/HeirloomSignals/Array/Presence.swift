/// In which stretches of time the same channels recorded, short gaps not counted.
struct Presence {
    /// A stretch of frames and the channels that recorded it, but for short gaps.
    struct Stretch: Equatable {
        let frames: Range<Int>
        let channels: [Int]
    }

    /// The stretches, in order and without gaps; some have no channels.
    let stretches: [Stretch]

    /// Finds the stretches.
    ///
    /// - Parameters:
    ///   - valid: for each channel whether it recorded the frames.
    ///   - gap: gaps of fewer frames than this do not count.
    ///   - shortest: a channel that recorded fewer frames than this at a time is left out there.
    init(_ valid: [[Bool]], gap: Int, shortest: Int) {
        let frames = valid.first?.count ?? 0
        let present = valid.map { flags in
            // A recording shorter than `shortest` as a whole must not lose everything.
            let closed = Presence.filled(flags, value: false, shorterThan: gap)
            return Presence.filled(closed, value: true, shorterThan: min(shortest, frames))
        }
        var found: [Stretch] = []
        var start = 0
        for frame in 1...max(1, frames) where frames > 0 {
            let ends = frame == frames || present.contains { $0[frame] != $0[frame - 1] }
            guard ends else { continue }
            found.append(
                Stretch(frames: start..<frame, channels: present.indices.filter { present[$0][start] }))
            start = frame
        }
        stretches = found
    }

    /// Turns runs of a value that are shorter than a length into the other value.
    private static func filled(_ flags: [Bool], value: Bool, shorterThan length: Int) -> [Bool] {
        var result = flags
        var start = 0
        while start < flags.count {
            var end = start
            while end < flags.count, flags[end] == flags[start] { end += 1 }
            if flags[start] == value, end - start < length {
                for frame in start..<end { result[frame] = !value }
            }
            start = end
        }
        return result
    }
}
