public import HeirloomMedia
import HeirloomSignals

extension FilmSurvey {
    /// Seconds that reading the packets may take.
    static let packetSeconds = 4.0
    /// Seconds that decoding may take.
    static let decodingSeconds = 6.0
    /// Frames of a stretch of a long film: enough for a cut to be told from a flash, and for a period of 16 to be seen.
    static let stretchFrames = 64
    /// Stretches of a long film at most.
    static let stretchLimit = 48

    /// Looks over a film.
    ///
    /// - Parameters:
    ///   - options: how the film will be read.
    ///   - pictureLimit: how many small pictures of frames are kept at most.
    ///   - check: called between frames; what it throws ends the survey.
    /// - Throws: as `VideoReader`.
    public init(
        path: String, options: VideoReaderOptions = .init(), pictureLimit: Int = 0, check: () throws -> Void = {}
    ) throws {
        let sampler = try FilmSampler(path: path, options: options)
        try check()
        let start = ContinuousClock.now
        packets = try PacketTimeline(path: path) { ContinuousClock.now - start < .seconds(Self.packetSeconds) }
        format = sampler.format
        summary = sampler.summary
        isDeinterlaced = sampler.isDeinterlaced
        readerNotes = sampler.notes
        var looking = Looking(sampler, pictureLimit: pictureLimit)
        isWhole = try looking.run(
            expecting: packets.isWhole ? packets.packets.count : nil, duration: sampler.summary.duration,
            check: check)
        guard !looking.frames.isEmpty else {
            throw MediaError(
                .corrupt, "look into the film", path: path, reason: "none of its frames could be decoded",
                advice: "copy it again from where it came from")
        }
        frames = looking.frames.sorted { $0.time < $1.time }
        pictures = looking.gallery.pictures.sorted { $0.frame.time < $1.frame.time }
        cuts = looking.cuts
        damage = sampler.damage
    }
}

/// The pass of a survey over the frames.
private struct Looking {
    private let sampler: FilmSampler
    private var meter = FrameMeter()
    private(set) var frames: [SurveyedFrame] = []
    private(set) var gallery: PictureGallery
    private(set) var cuts = 0
    private var shots = 0
    private var seen: [ClosedRange<MediaTime>] = []
    private let start = ContinuousClock.now

    init(_ sampler: FilmSampler, pictureLimit: Int) {
        self.sampler = sampler
        gallery = PictureGallery(limit: pictureLimit, format: sampler.format)
    }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// - Returns: whether every frame was looked at.
    mutating func run(expecting count: Int?, duration: MediaTime?, check: () throws -> Void) throws -> Bool {
        // How fast decoding goes shows at the beginning, which stands as the first stretch where the film is long.
        var fits: Bool?
        let hasEnded = try stretch(0, check) { [start] number in
            let elapsed = (ContinuousClock.now - start) / .seconds(1)
            if number == FilmSurvey.stretchFrames, let count {
                fits = elapsed / Double(number) * Double(count) < FilmSurvey.decodingSeconds
            }
            if number < FilmSurvey.stretchFrames || fits == true { return elapsed < 2 * FilmSurvey.decodingSeconds }
            return false
        }
        if hasEnded { return true }
        guard let duration, duration.seconds > 1 else {
            // No telling where to look: as far as the time suffices.
            let start = start
            return try stretch(0, check) { _ in
                (ContinuousClock.now - start) / .seconds(1) < FilmSurvey.decodingSeconds
            }
        }
        for number in 1..<FilmSurvey.stretchLimit where elapsed < FilmSurvey.decodingSeconds {
            let place = MediaTime(seconds: duration.seconds * Self.place(number))
            guard try sampler.go(to: place) else { break }
            _ = try stretch(number, check) { $0 < FilmSurvey.stretchFrames }
        }
        return false
    }

    /// Numbers 1, 2, 3, … as places 1/2, 1/4, 3/4, 1/8, …: wherever one stops, they are spread evenly.
    private static func place(_ number: Int) -> Double {
        var (number, weight, place) = (number, 0.5, 0.0)
        while number > 0 {
            if number & 1 == 1 { place += weight }
            weight /= 2
            number >>= 1
        }
        return place
    }

    /// Looks at frames that follow each other.
    ///
    /// - Parameter goesOn: given the number of frames that the stretch has so far.
    /// - Returns: whether the film ended.
    private mutating func stretch(
        _ number: Int, _ check: () throws -> Void, while goesOn: (Int) -> Bool
    ) throws -> Bool {
        meter.jump()
        var detector = ShotDetector()
        var waiting: (frame: SurveyedFrame, picture: VideoFrame)?
        var count = 0
        var hasEnded = false
        let first = frames.count
        shots += 1
        func decided(_ one: (frame: SurveyedFrame, picture: VideoFrame), _ startsShot: Bool, _ this: inout Looking) {
            var frame = one.frame
            if startsShot, this.frames.count > first {
                this.shots += 1
                this.cuts += 1
            }
            // A cut is no motion.
            if startsShot { frame.motion = 0 }
            frame.shot = this.shots - 1
            frame.stretch = number
            this.frames.append(frame)
            this.gallery.offer(frame, one.picture)
        }
        while goesOn(count) {
            try check()
            guard let frame = try sampler.next() else {
                hasEnded = true
                break
            }
            let time = frame.pts - sampler.start
            // A seek that lands where another stretch was adds nothing.
            if seen.contains(where: { $0.contains(time) }) { break }
            let (surveyed, thumbnail) = meter.measure(frame, time: time)
            if let startsShot = detector.push(thumbnail), let last = waiting { decided(last, startsShot, &self) }
            waiting = (surveyed, frame)
            count += 1
        }
        if let last = waiting { decided(last, detector.finish() ?? false, &self) }
        gallery.finishShot()
        if frames.count > first {
            let times = frames[first...].map(\.time)
            if let low = times.min(), let high = times.max() { seen.append(low...high) }
        }
        return hasEnded
    }
}
