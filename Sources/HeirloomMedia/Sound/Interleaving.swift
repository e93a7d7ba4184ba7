/// Sound with its channels in turn, and one array per channel.
enum Interleaving {
    /// Appends interleaved samples to the arrays of the channels.
    ///
    /// - Parameter count: samples of each channel.
    static func append(_ samples: [Float], count: Int, to channels: inout [[Float]]) {
        let width = channels.count
        samples.withUnsafeBufferPointer { source in
            for channel in 0..<width {
                if width == 1 {
                    channels[0].append(contentsOf: source[..<count])
                    return
                }
                let start = channels[channel].count
                channels[channel].append(contentsOf: repeatElement(0, count: count))
                channels[channel].withUnsafeMutableBufferPointer { target in
                    var from = channel
                    var to = start
                    while to < start + count {
                        target[to] = source[from]
                        from += width
                        to += 1
                    }
                }
            }
        }
    }

    /// The samples of all channels in turn, from a place on.
    static func interleaved(_ channels: [[Float]], from start: Int, count: Int, into result: inout [Float]) {
        let width = channels.count
        if result.count < count * width { result = [Float](repeating: 0, count: count * width) }
        result.withUnsafeMutableBufferPointer { target in
            for channel in 0..<width {
                channels[channel].withUnsafeBufferPointer { source in
                    var to = channel
                    var from = start
                    while from < start + count {
                        target[to] = source[from]
                        to += width
                        from += 1
                    }
                }
            }
        }
    }
}
