import CLibAV

/// What speaks for and against interlacing: the flags of header and frames, and the judgement of `idet` on the picture.
///
/// Flags alone do not do: discs flag film as interlaced, and capture programs forget the flag of tapes.
struct FieldEvidence {
    private let isHeaderInterlaced: Bool
    private var frames = 0
    private var flagged = 0
    private var topFirst = 0
    private var bottomFirst = 0
    private var progressive = 0

    init(header: AVFieldOrder) {
        isHeaderInterlaced = [AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT].contains(header)
    }

    mutating func add(flagsOf frame: UnsafeMutablePointer<AVFrame>) {
        frames += 1
        if heirloom_frame_is_interlaced(frame) != 0 { flagged += 1 }
    }

    mutating func add(judgementOf frame: UnsafeMutablePointer<AVFrame>) {
        guard let entry = av_dict_get(frame.pointee.metadata, "lavfi.idet.multiple.current_frame", nil, 0) else {
            return
        }
        switch String(cString: entry.pointee.value) {
        case "tff": topFirst += 1
        case "bff": bottomFirst += 1
        case "progressive": progressive += 1
        default: break  // a still picture shows neither
        }
    }

    var verdict: FieldVerdict {
        let combed = topFirst + bottomFirst
        let isFlagged = frames > 0 ? flagged * 2 > frames : isHeaderInterlaced
        let parity = flagged * 2 > frames ? "auto" : bottomFirst > topFirst ? "bff" : "tff"
        guard combed + progressive >= 8 else {
            return FieldVerdict(isInterlaced: isFlagged || isHeaderInterlaced, parity: parity, note: nil)
        }
        if isFlagged || isHeaderInterlaced {
            // A third leaves room for film that was stretched to video (3:2 pulldown combs two frames of five).
            if combed * 3 >= progressive { return FieldVerdict(isInterlaced: true, parity: parity, note: nil) }
            return FieldVerdict(
                isInterlaced: false, parity: parity,
                note: "The film is flagged as interlaced, but its frames are whole; they are left as they are.")
        }
        // Unflagged, the picture must be clear: grain, shaking and fine patterns fool the detector now and then, but
        // not mostly, and not with one field always first.
        guard combed >= 8, combed > progressive, max(topFirst, bottomFirst) * 5 >= combed * 4 else {
            return FieldVerdict(isInterlaced: false, parity: parity, note: nil)
        }
        return FieldVerdict(
            isInterlaced: true, parity: parity,
            note: "The film is not flagged as interlaced, but its frames show two moments each.")
    }
}
