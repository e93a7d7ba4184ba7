import CSndFile

/// The kinds of sound files that are written, chosen by the ending of the name.
enum AudioContainer: String, CaseIterable {
    case wav
    case w64
    case rf64
    case aiff
    case caf
    case flac
    case vorbis
    case opus
    case mp3

    /// The container that an ending asks for.
    ///
    /// - Throws: `unsupported` for endings that sound is not written to.
    init(path: String, operation: String) throws(MediaError) {
        let (_, name) = FileChecks.split(path)
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        switch ending {
        case "wav", "wave", "bwf": self = .wav
        case "w64": self = .w64
        case "rf64": self = .rf64
        case "aif", "aiff", "aifc": self = .aiff
        case "caf": self = .caf
        case "flac": self = .flac
        case "ogg", "oga": self = .vorbis
        case "opus": self = .opus
        case "mp3": self = .mp3
        default:
            let what = ending.isEmpty ? "the name has no ending" : "sound is not written as .\(ending)"
            throw MediaError(
                .unsupported, operation, path: path, reason: what,
                advice: "let the name end in .wav, .flac, .aiff, .w64, .caf, .ogg, .opus or .mp3")
        }
    }

    /// The name for people.
    var title: String {
        switch self {
        case .wav: "WAV"
        case .w64: "W64"
        case .rf64: "RF64"
        case .aiff: "AIFF"
        case .caf: "CAF"
        case .flac: "FLAC"
        case .vorbis: "Ogg Vorbis"
        case .opus: "Opus"
        case .mp3: "MP3"
        }
    }

    /// Whether the coding loses something and has no word length.
    var isLossy: Bool { self == .vorbis || self == .opus || self == .mp3 }

    /// The sample formats that it holds, the best for speech first.
    var formats: [SampleFormat] {
        switch self {
        case .wav, .w64, .rf64, .aiff, .caf: [.int24, .int16, .int32, .float32, .float64]
        case .flac: [.int24, .int16]
        case .vorbis, .opus, .mp3: [.compressed]
        }
    }

    /// The sample rates that it holds.
    var rates: [Int]? {
        switch self {
        case .opus: [8_000, 12_000, 16_000, 24_000, 48_000]
        case .mp3: [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
        default: nil
        }
    }

    /// The highest sample rate that it holds.
    var maximumRate: Int {
        switch self {
        case .vorbis: 192_000
        case .flac: 655_350
        default: SoundLimits.rates.upperBound
        }
    }

    /// The most channels that it holds.
    var maximumChannels: Int {
        switch self {
        case .flac, .vorbis, .opus: 8
        case .mp3: 2
        default: SoundLimits.channels.upperBound
        }
    }

    /// libsndfile's number of the container and the coding in it.
    func code(_ format: SampleFormat) -> Int {
        let container =
            switch self {
            // RF64 becomes plain WAV at the end where 4 GiB suffice.
            case .wav, .rf64: SF_FORMAT_RF64
            case .w64: SF_FORMAT_W64
            case .aiff: SF_FORMAT_AIFF
            case .caf: SF_FORMAT_CAF
            case .flac: SF_FORMAT_FLAC
            case .vorbis, .opus: SF_FORMAT_OGG
            case .mp3: SF_FORMAT_MPEG
            }
        let coding =
            switch format {
            case .int16: SF_FORMAT_PCM_16
            case .int24: SF_FORMAT_PCM_24
            case .int32: SF_FORMAT_PCM_32
            case .float32: SF_FORMAT_FLOAT
            case .float64: SF_FORMAT_DOUBLE
            case .compressed:
                switch self {
                case .opus: SF_FORMAT_OPUS
                case .mp3: SF_FORMAT_MPEG_LAYER_III
                default: SF_FORMAT_VORBIS
                }
            }
        return container | coding
    }

    /// Throws where the container cannot hold a sound, saying what can.
    func require(
        _ format: SampleFormat, sampleRate: Int, channelCount: Int, path: String, operation: String
    ) throws(MediaError) {
        func refusal(_ reason: String, _ advice: String) -> MediaError {
            MediaError(.unsupported, operation, path: path, reason: "\(title) cannot hold \(reason)", advice: advice)
        }
        guard formats.contains(format) else {
            if isLossy {
                throw refusal("\(format.title) samples: it is lossy", "write .wav or .flac, or leave the bits open")
            }
            let names = formats.map(\.title).joined(separator: ", ")
            throw refusal("\(format.title) samples", "choose \(names), or write .wav")
        }
        if let rates, !rates.contains(sampleRate) {
            let names = rates.map(String.init).joined(separator: ", ")
            throw refusal("\(sampleRate) Hz", "choose \(names) Hz, or write .wav or .flac")
        }
        if sampleRate > maximumRate { throw refusal("\(sampleRate) Hz", "write .wav or .w64") }
        if channelCount > maximumChannels {
            throw refusal("\(channelCount) channels", "\(maximumChannels) are the most; write .wav")
        }
    }
}
