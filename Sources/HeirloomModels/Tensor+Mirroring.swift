import HeirloomTensors

extension Tensor {
    /// Pictures `[N, C, H, W]` enlarged to multiples of a number by mirroring at the right and bottom edges.
    func mirrored(toMultipleOf multiple: Int) -> Tensor {
        guard isDefined else { return self }
        func missing(_ size: Int) -> Int { (multiple - size % multiple) % multiple }
        return mirrored(bottom: missing(shape[2]), right: missing(shape[3]))
    }

    /// Pictures `[N, C, H, W]` with more rows and columns, mirrored without repeating the edge, as often as it takes.
    ///
    /// A side of one sample repeats it.
    func mirrored(bottom: Int, right: Int) -> Tensor {
        func extended(_ x: Tensor, axis: Int, by missing: Int) -> Tensor {
            var (x, missing) = (x, missing)
            while missing > 0 {
                // A mirror reaches at most one sample less than the side; several of them reach any size.
                let size = x.shape[axis]
                let added = Swift.min(missing, Swift.max(size - 1, 1))
                x = x.padded(
                    axis == 2 ? [0, 0, 0, added] : [0, added, 0, 0], mode: size == 1 ? .replicate : .reflect)
                missing -= added
            }
            return x
        }
        guard isDefined else { return self }
        return extended(extended(self, axis: 2, by: bottom), axis: 3, by: right)
    }
}
