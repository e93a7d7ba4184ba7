/// Runs of samples to floats and back: the loops that touch every sample once.
///
/// Written so that the compiler makes vector code of them in release builds: no traps, no bounds checks inside.
enum SampleRows {
    /// `numbers[i] = samples[i · stride] · scale + offset`.
    @inline(__always)
    static func read<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: UnsafePointer<Sample>, stride: Int = 1, count: Int, scale: Float, offset: Float,
        into numbers: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { numbers[index] = Float(samples[index &* stride]) * scale + offset }
    }

    /// `numbers[i] = samples[i · stride] / maximum`, rounded as a division is: what other programs compute.
    @inline(__always)
    static func read<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: UnsafePointer<Sample>, stride: Int, count: Int, dividedBy maximum: Float,
        into numbers: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { numbers[index] = Float(samples[index &* stride]) / maximum }
    }

    /// `sums[i] += samples[i] · weight`.
    @inline(__always)
    static func accumulate<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: UnsafePointer<Sample>, count: Int, weight: Float, into sums: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { sums[index] += Float(samples[index]) * weight }
    }

    /// `samples[i · stride] = numbers[i] · scale + offset`, limited to a range and rounded to the nearest, halves to
    /// even.
    @inline(__always)
    static func write<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafePointer<Float>, count: Int, scale: Float, offset: Float, lowest: Float, highest: Float,
        into samples: UnsafeMutablePointer<Sample>, stride: Int = 1
    ) {
        // Adding 1.5 · 2^23 leaves the rounded value in the low bits of the pattern: a conversion that cannot trap, so
        // it vectorises. A NaN gives some code value; whoever computed it has to look for it.
        let magic: Float = 12_582_912
        for index in 0..<count {
            var value = numbers[index] * scale + offset
            value = value < lowest ? lowest : value
            value = value > highest ? highest : value
            samples[index &* stride] = Sample(truncatingIfNeeded: (value + magic).bitPattern)
        }
    }
}
