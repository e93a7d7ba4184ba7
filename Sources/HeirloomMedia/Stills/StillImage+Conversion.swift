import CVips

extension StillImage {
    /// The picture in sRGB: its samples converted by its own profile, which it then no longer carries.
    ///
    /// Grey stays grey. A picture without a profile is returned as it is. A profile that is damaged, or that is not for
    /// such samples, is left out with a note.
    /// - Throws: `libraryFailure` where the conversion fails for another reason.
    public func convertedToSRGB() throws(MediaError) -> StillImage {
        guard metadata.profile != nil else { return self }
        var plain = metadata
        plain.profile = nil
        let space = metadata.profileColorSpace
        guard space == (channels.isGrey ? "GRAY" : "RGB") else {
            let kind = space.map { "for \($0)" } ?? "damaged"
            return adding(notes: ["its colour profile is \(kind) and was left out"], metadata: plain)
        }
        let (pixels, warnings) = try Vips.perform(failure: conversionFailure) {
            try withVips { picture in
                picture.set(VIPS_META_ICC_NAME, to: metadata.profile ?? [])
                var converted = try Vips.make {
                    heirloom_vips_profile_to_srgb(picture.pointer, Int32(depth.rawValue), "srgb", $0)
                }
                if channels.isGrey {
                    // Three equal channels come out, and opacity behind them.
                    let grey = try Vips.make { heirloom_vips_bands(converted.pointer, 0, 1, $0) }
                    guard channels.hasAlpha else { return try grey.pixels() }
                    let last = Int32(converted.bands - 1)
                    let alpha = try Vips.make { heirloom_vips_bands(converted.pointer, last, 1, $0) }
                    converted = try Vips.make { heirloom_vips_join(grey.pointer, alpha.pointer, $0) }
                }
                return try converted.pixels()
            }
        }
        return replacingPixels(channels: channels, depth: depth, pixels: pixels)
            .adding(notes: warnings.map { "its colour profile: \($0)" }, metadata: plain)
    }

    /// The picture at 8 bit, rounded to the nearest value.
    func reducedTo8Bit() -> StillImage {
        guard depth == .sixteen else { return self }
        let reduced = with16BitSamples { samples in
            // 65535 = 255 × 257, so this is exact rounding.
            samples.map { UInt8((UInt32($0) + 128) / 257) }
        }
        return replacingPixels(channels: channels, depth: .eight, pixels: reduced)
    }

    /// The picture without opacity, laid on white.
    func laidOnWhite() throws(MediaError) -> StillImage {
        guard channels.hasAlpha else { return self }
        let pixels = try Vips.perform(failure: conversionFailure) {
            try withVips { picture in
                try Vips.make { heirloom_vips_flatten(picture.pointer, Double(depth.maximum), $0) }.pixels()
            }
        }.result
        return replacingPixels(channels: channels.isGrey ? .grey : .rgb, depth: depth, pixels: pixels)
    }

    /// Lends the picture to libvips without copying its samples; what is made from it must not outlive the body.
    func withVips<R>(_ body: (borrowing VipsPicture) throws -> R) throws -> R {
        try pixels.withUnsafeBytes { buffer in
            guard
                let bare = vips_image_new_from_memory(
                    buffer.baseAddress, buffer.count, Int32(width), Int32(height), Int32(channels.count),
                    StillLayout(self).vipsFormat)
            else { throw Vips.Failure() }
            let plain = VipsPicture(owning: bare)
            let layout = StillLayout(self)
            let resolution = layout.vipsResolution
            return try body(
                Vips.make {
                    heirloom_vips_describe(
                        plain.pointer, layout.vipsSpace, resolution.horizontal, resolution.vertical, $0)
                })
        }
    }

    private func conversionFailure(_ text: String) -> MediaError {
        MediaError(
            .libraryFailure, "convert the picture", path: "in memory", reason: "libvips failed (\(text))",
            advice: "there may be too little memory for \(width) × \(height) pixels")
    }
}
