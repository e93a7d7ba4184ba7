/// One of the libraries that read sound, behind `AudioReader`.
protocol SoundSource: AnyObject {
    /// What the file is.
    var info: AudioInfo { get }
    /// Sentences about damage and assumptions, growing while reading.
    var notes: [String] { get }
    /// The next samples, one array per channel; fewer than asked for only at the end, none behind it.
    func read(_ count: Int) throws(MediaError) -> [[Float]]
    /// Goes to a sample; behind the end, nothing is left to read.
    func seek(to sample: Int) throws(MediaError)
}

/// The limits that tell a strange recording from a damaged header.
enum SoundLimits {
    static let channels = 1...64
    static let rates = 1_000...768_000

    /// Throws where the numbers of a header cannot be true.
    static func require(channels: Int, rate: Int, path: String, operation: String) throws(MediaError) {
        guard SoundLimits.channels.contains(channels), SoundLimits.rates.contains(rate) else {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "its header states \(channels) channel\(channels == 1 ? "" : "s") at \(rate) Hz",
                advice: "1 to 64 channels at 1,000 to 768,000 Hz are read; the header is probably damaged")
        }
    }
}
