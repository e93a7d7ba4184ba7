import HeirloomMedia

/// Keeps small pictures of frames that are spread over the shots of a film, a limited number of them.
///
/// Of each shot it keeps a frame soon after the beginning, where a fade is over, and others at distances that grow when
/// there are too many.
struct PictureGallery {
    /// Seconds into a shot at which the first of its pictures is taken.
    static let settling = 0.4

    /// The pictures, in the order in which they were taken.
    private(set) var pictures: [SurveyedPicture] = []
    private let limit: Int
    private let format: VideoFormat
    /// Seconds between two pictures of one shot.
    private var spacing = 1.0
    private var shotStart: SurveyedFrame?
    private var lastTaken: MediaTime?
    /// The latest frame of a shot of which there is no picture yet.
    private var waiting: (frame: SurveyedFrame, picture: VideoFrame)?

    /// An empty gallery.
    /// - Parameter limit: Most pictures that are kept; 0 for none.
    init(limit: Int, format: VideoFormat) {
        self.limit = limit
        self.format = format
    }

    /// Looks at the next frame; blank and damaged ones are passed over.
    mutating func offer(_ frame: SurveyedFrame, _ picture: VideoFrame) {
        guard limit > 0 else { return }
        if shotStart?.shot != frame.shot {
            finishShot()
            shotStart = frame
        }
        guard !frame.isBlank, !frame.isDamaged else { return }
        let since = lastTaken ?? shotStart?.time ?? frame.time
        if (frame.time - since).seconds >= (lastTaken == nil ? Self.settling : spacing) {
            take(frame, picture)
            waiting = nil
        } else if lastTaken == nil {
            waiting = (frame, picture)
        }
    }

    /// No more frames of this shot come: of a very short one the last frame is kept.
    mutating func finishShot() {
        if let waiting { take(waiting.frame, waiting.picture) }
        (waiting, lastTaken, shotStart) = (nil, nil, nil)
    }

    private mutating func take(_ frame: SurveyedFrame, _ picture: VideoFrame) {
        pictures.append(SurveyedPicture(picture, format: format, measured: frame))
        lastTaken = frame.time
        if pictures.count > limit { thin() }
    }

    /// Gives up every second one of the pictures that are not the first of their shot; of all where that frees none.
    private mutating func thin() {
        spacing *= 2
        let followers = pictures.indices.dropFirst().filter { pictures[$0].frame.shot == pictures[$0 - 1].frame.shot }
        let candidates = followers.isEmpty ? Array(pictures.indices) : followers
        let leaving = Set(candidates.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element))
        pictures = pictures.indices.filter { !leaving.contains($0) }.map { pictures[$0] }
    }
}
