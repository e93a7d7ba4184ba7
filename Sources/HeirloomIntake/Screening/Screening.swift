import HeirloomMedia

/// Decides picture by picture what is used, remembering what came before.
struct Screening {
    private let options: IntakeOptions
    private var prints: [Fingerprint] = []
    private var paths: [String] = []

    init(_ options: IntakeOptions) { self.options = options }

    /// Why a picture is not used; nil when it is.
    ///
    /// Every picture is compared with every used one before it: a few milliseconds a picture at 100,000, less than
    /// reading it.
    mutating func reason(against picture: LoadedPicture, of file: PictureFile) -> LeftOut? {
        func leftOut(_ reason: LeftOut.Reason, _ detail: String) -> LeftOut {
            LeftOut(path: file.path, reason: reason, detail: detail)
        }
        let short = min(picture.width, picture.height)
        let least = min(options.smallestSide, options.shortSide)
        if short < least {
            return leftOut(.tooSmall, "its short side has \(short) pixels, \(least) are needed")
        }
        if options.leavesOutGrey {
            if picture.cast.isGrey { return leftOut(.grey, "it has no colour") }
            if picture.cast.isToned { return leftOut(.toned, "it has one tone in lighter and darker shades, as sepia") }
        }
        if options.leavesOutDuplicates {
            if let twin = prints.firstIndex(where: { $0.matches(picture.fingerprint) }) {
                return leftOut(.duplicate, "it shows the same as '\(paths[twin])'")
            }
            prints.append(picture.fingerprint)
            paths.append(file.path)
        }
        return nil
    }
}
