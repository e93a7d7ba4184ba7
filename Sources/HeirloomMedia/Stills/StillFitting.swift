/// What a picture becomes so that a format can hold it: the same for a whole picture and for each of its strips.
struct StillFitting {
    /// What is written.
    let layout: StillLayout
    /// What the format cannot hold, a clause each.
    let notes: [String]
    private let convertsToSRGB: Bool
    private let isLaidOnWhite: Bool
    private let isReduced: Bool

    init(_ given: StillLayout, format: StillFormat) {
        var layout = given
        var notes: [String] = []
        // The profile is for grey, and three channels will be written.
        convertsToSRGB = given.channels.isGrey && !format.holdsGrey && given.metadata.profile != nil
        if convertsToSRGB {
            layout.metadata.profile = nil
            notes.append("\(format.name) has no grey: converted to sRGB by the picture's profile")
        }
        isLaidOnWhite = given.channels.hasAlpha && !format.holdsAlpha
        if isLaidOnWhite {
            layout.channels = given.channels.isGrey ? .grey : .rgb
            notes.append("\(format.name) holds no transparency: laid on white")
        }
        isReduced = given.depth == .sixteen && !format.holds16Bit
        if isReduced {
            layout.depth = .eight
            notes.append("\(format.name) holds 8 bit per sample: reduced from 16")
        }
        Self.fit(&layout, format: format, notes: &notes)
        self.layout = layout
        self.notes = notes
    }

    /// A picture, or a strip of one, of the given layout in the form that is written.
    func callAsFunction(_ image: StillImage) throws(MediaError) -> StillImage {
        var fitting = image
        if convertsToSRGB { fitting = try fitting.convertedToSRGB() }
        if isLaidOnWhite { fitting = try fitting.laidOnWhite() }
        if isReduced { fitting = fitting.reducedTo8Bit() }
        return fitting
    }

    /// Drops the metadata that the format does not hold beside such samples.
    private static func fit(_ layout: inout StillLayout, format: StillFormat, notes: inout [String]) {
        let metadata = layout.metadata
        if let space = metadata.profileColorSpace, metadata.profile != nil {
            // A profile for colour on grey samples is odd, but other programs write it into all but PNG.
            let fits = layout.channels.isGrey ? space == "GRAY" || format != .png : space == "RGB"
            if !fits {
                layout.metadata.profile = nil
                notes.append("the colour profile is for \(space) and does not fit the samples: left out")
            }
        } else if metadata.profile != nil {
            layout.metadata.profile = nil
            notes.append("the colour profile is damaged: left out")
        }
        if let iptc = metadata.iptc, iptc.format != format {
            layout.metadata.iptc = nil
            notes.append("\(format.name) cannot take over the IPTC block of a \(iptc.format.name) file: left out")
        }
        if let xmp = metadata.xmp, format == .jpeg, xmp.count > 65_000 {
            layout.metadata.xmp = nil
            notes.append("the XMP block is too long for JPEG: left out")
        }
        if let exif = metadata.exif, format == .jpeg, exif.count > JPEGSegments.maximumEXIF {
            layout.metadata.exif = nil
            notes.append("the EXIF block is too long for JPEG: left out")
        }
    }
}
