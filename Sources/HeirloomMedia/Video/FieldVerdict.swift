/// Whether a film's frames are woven from two fields of different moments.
struct FieldVerdict: Equatable {
    /// Whether they are.
    let isInterlaced: Bool
    /// "tff" or "bff" where the flags do not say; "auto" where they do.
    let parity: String
    /// A sentence where flags and picture disagree.
    let note: String?
}
