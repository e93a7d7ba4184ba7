import HeirloomMedia

/// Sound of any length on disk: planar float channels that are appended and read anywhere.
///
/// Each channel has a file of its own, so that reading a piece of one reads nothing else.
final class ScratchSound {
    private let files: [ScratchFile]
    /// Samples per channel so far.
    private(set) var count = 0

    /// How many channels there are.
    var channelCount: Int { files.count }

    /// Nothing yet.
    init(channelCount: Int, in folder: String) throws(MediaError) {
        var files: [ScratchFile] = []
        for _ in 0..<channelCount { files.append(try ScratchFile(in: folder)) }
        self.files = files
    }

    private init(_ files: [ScratchFile], count: Int) {
        self.files = files
        self.count = count
    }

    /// The first channel alone; what is appended to either afterwards is not the other's.
    var first: ScratchSound { ScratchSound([files[0]], count: count) }

    /// Adds samples at the end.
    ///
    /// - Precondition: all channels are there and equally long.
    func append(_ channels: [[Float]]) throws(MediaError) {
        precondition(channels.count == files.count, "a sound keeps its number of channels")
        let length = channels.first?.count ?? 0
        for (file, samples) in zip(files, channels) {
            precondition(samples.count == length, "the channels of a sound are equally long")
            try Self.write(samples, to: file, at: count * 4)
        }
        count += length
    }

    /// A piece of one channel.
    ///
    /// - Precondition: the piece was written.
    func samples(of channel: Int, _ range: Range<Int>) throws(MediaError) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a scratch sound was read past its end")
        var samples = [Float](repeating: 0, count: range.count)
        try Self.read(&samples, from: files[channel], at: range.lowerBound * 4)
        return samples
    }

    /// A piece of all channels.
    func channels(_ range: Range<Int>) throws(MediaError) -> [[Float]] {
        var channels: [[Float]] = []
        for index in files.indices { channels.append(try samples(of: index, range)) }
        return channels
    }

    private static func write(_ samples: [Float], to file: ScratchFile, at offset: Int) throws(MediaError) {
        let result = samples.withUnsafeBytes { bytes in
            Result { () throws(MediaError) in try file.write(bytes, at: offset) }
        }
        try result.get()
    }

    private static func read(_ samples: inout [Float], from file: ScratchFile, at offset: Int) throws(MediaError) {
        let result = samples.withUnsafeMutableBytes { bytes in
            Result { () throws(MediaError) in try file.read(into: bytes, at: offset) }
        }
        try result.get()
    }
}
