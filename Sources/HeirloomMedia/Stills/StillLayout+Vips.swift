import CVips

extension StillLayout {
    /// The type of a sample.
    var vipsFormat: VipsBandFormat { depth == .sixteen ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR }

    /// What the samples mean.
    var vipsSpace: VipsInterpretation {
        switch (channels.isGrey, depth) {
        case (true, .eight): VIPS_INTERPRETATION_B_W
        case (true, .sixteen): VIPS_INTERPRETATION_GREY16
        case (false, .eight): VIPS_INTERPRETATION_sRGB
        case (false, .sixteen): VIPS_INTERPRETATION_RGB16
        }
    }

    /// Pixels per millimetre; 72 per inch is what programs write when they know nothing.
    var vipsResolution: StillMetadata.Resolution {
        metadata.resolution ?? .init(horizontal: 72 / 25.4, vertical: 72 / 25.4)
    }
}
