import CVips

/// One reference to a picture of libvips, given back when it goes away.
struct VipsPicture: ~Copyable {
    let pointer: UnsafeMutablePointer<VipsImage>

    init(owning pointer: UnsafeMutablePointer<VipsImage>) {
        self.pointer = pointer
    }

    deinit { g_object_unref(pointer) }

    var width: Int { Int(vips_image_get_width(pointer)) }
    var height: Int { Int(vips_image_get_height(pointer)) }
    var bands: Int { Int(vips_image_get_bands(pointer)) }
    var sampleFormat: VipsBandFormat { vips_image_get_format(pointer) }
    var interpretation: VipsInterpretation { vips_image_guess_interpretation(pointer) }
    var orientation: Int { Int(vips_image_get_orientation(pointer)) }
    var pageCount: Int { Int(vips_image_get_n_pages(pointer)) }
    var bytesPerRow: Int { width * bands * Int(vips_format_sizeof(sampleFormat)) }

    func has(_ field: String) -> Bool { vips_image_get_typeof(pointer, field) != 0 }

    func integer(_ field: String) -> Int? {
        var value: Int32 = 0
        guard has(field), vips_image_get_int(pointer, field, &value) == 0 else { return nil }
        return Int(value)
    }

    func bytes(_ field: String) -> [UInt8]? {
        var data: UnsafeRawPointer?
        var count = 0
        guard has(field), vips_image_get_blob(pointer, field, &data, &count) == 0, let data else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: count))
    }

    func set(_ field: String, to bytes: [UInt8]) {
        vips_image_set_blob_copy(pointer, field, bytes, bytes.count)
    }

    /// Computes every pixel, straight into a Swift array.
    ///
    /// - Throws: `Vips.Failure` where the file turns out damaged on the way.
    func pixels() throws -> [UInt8] { try rows(0..<height) }

    /// Computes some rows of a picture that is read from top to bottom.
    ///
    /// - Throws: `Vips.Failure` where the file turns out damaged there.
    func rows(_ rows: Range<Int>) throws -> [UInt8] {
        let count = bytesPerRow * rows.count
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = buffer.baseAddress else { throw Vips.Failure() }
            try Vips.check(heirloom_vips_read_rows(pointer, Int32(rows.lowerBound), Int32(rows.count), base))
            initialized = count
        }
    }
}
