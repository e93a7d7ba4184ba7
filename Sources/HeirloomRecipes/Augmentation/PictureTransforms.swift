import Foundation
public import HeirloomTensors

/// What is done to each picture of a batch: one ``PictureTransform`` each, as tensors on the device.
///
/// All that moves a picture's content (resizing, perspective, rotation, enlargement, mirroring, crop) is one bilinear
/// sampling with mirrored borders, as in fastai: corners of the sampling grid lie on the centres of corner pixels, and
/// pictures that shrink much are averaged down first.
public struct PictureTransforms {
    /// `[4, N, 1, 1]`: see ``PictureTransform/warp``.
    let warp: Tensor
    /// `[N, 1, 1]` each; angles in radians, mirroring 0 or 1.
    let angle, zoom, zoomRow, zoomColumn, mirrored, cropRow, cropColumn: Tensor
    /// `[N, 1, 1, 1]`: what is added to logits, and what they are multiplied by.
    let lightShift, lightFactor: Tensor

    /// Transforms with given numbers, one for each picture of a batch.
    public init(_ transforms: [PictureTransform], device: Device = .cpu) {
        func column(_ value: (PictureTransform) -> Double) -> Tensor {
            Tensor(transforms.map { Float(value($0)) }, shape: [transforms.count, 1, 1], device: device)
        }
        warp = stacked((0..<4).map { corner in column { $0.warp[corner] } })
        angle = column { $0.rotation * .pi / 180 }
        zoom = column(\.zoom)
        zoomRow = column(\.zoomRow)
        zoomColumn = column(\.zoomColumn)
        mirrored = column { $0.isMirrored ? 1 : 0 }
        cropRow = column(\.cropRow)
        cropColumn = column(\.cropColumn)
        lightShift = column { log($0.brightness / (1 - $0.brightness)) }.unsqueezed(3)
        lightFactor = column(\.contrast).unsqueezed(3)
    }

    init(
        warp: Tensor, angle: Tensor, zoom: Tensor, zoomRow: Tensor, zoomColumn: Tensor, mirrored: Tensor,
        cropRow: Tensor, cropColumn: Tensor, lightShift: Tensor, lightFactor: Tensor
    ) {
        self.warp = warp
        self.angle = angle
        self.zoom = zoom
        self.zoomRow = zoomRow
        self.zoomColumn = zoomColumn
        self.mirrored = mirrored
        self.cropRow = cropRow
        self.cropColumn = cropColumn
        self.lightShift = lightShift
        self.lightFactor = lightFactor
    }

    /// Transforms pictures: the shorter side becomes `side`, and a square of that size is cut out.
    /// - Parameters:
    ///   - pictures: `[N, C, H, W]` in 0...1, floating point, both sides at least 2; N as there are transforms.
    ///   - side: Of the result, at least 2.
    /// - Returns: `[N, C, side, side]` in 0...1.
    public func callAsFunction(_ pictures: Tensor, side: Int) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        precondition(
            shape.count == 4 && shape[0] == angle.shape[0] && shape[2] >= 2 && shape[3] >= 2 && side >= 2
                && pictures.dtype.isFloatingPoint,
            "\(angle.shape[0]) transforms to \(side)×\(side) of \(pictures.summary)")
        let (height, width) = (shape[2], shape[3])
        let ratio = min(Double(height) / Double(side), Double(width) / Double(side))
        let whole = SamplingFrame(
            height: Int((Double(height) / ratio).rounded(.toNearestOrEven)),
            width: Int((Double(width) / ratio).rounded(.toNearestOrEven)))
        let grid = positions(side: side, in: whole)
        var sampled = pictures.sampled(at: grid, padding: .reflection, alignCorners: true)
        // How much the picture shrinks, with a margin of 2; beyond that one sample would skip pixels.
        let shrink =
            min(Double(height) / Double(whole.height), Double(width) / Double(whole.width)) / 2
        if shrink > 1 {
            let small = pictures.resized(
                height: Int((Double(height) * (1 / shrink)).rounded(.down)),
                width: Int((Double(width) * (1 / shrink)).rounded(.down)), mode: .area)
            // An enlargement as strong as the shrinking needs all pixels; which of the two holds is the device's to know.
            let enlarged = 2 / extent(in: whole)
            sampled = `where`(
                enlarged .< shrink, small.sampled(at: grid, padding: .reflection, alignCorners: true), sampled)
        }
        return lit(sampled)
    }

    /// Brighter or darker, with more or less contrast, each picture by its numbers.
    private func lit(_ x: Tensor) -> Tensor {
        let logits = x.clamped(to: 1e-7...(1 - 1e-7)).logit()
        return ((logits + lightShift) * lightFactor).sigmoid()
    }

    /// Where the pixels of the result are read: `[N, side, side, 2]`, x before y, corners at ±1.
    private func positions(side: Int, in whole: SamplingFrame) -> Tensor {
        func start(_ part: Tensor, _ free: Int) -> Tensor {
            (part * Double(free + 1)).floor().clamped(to: 0...Double(free))
        }
        let counts = Tensor.range(to: Double(side), device: angle.device)
        let row = start(cropRow, whole.height - side) + counts.reshaped([1, side, 1])
        let straight = start(cropColumn, whole.width - side) + counts.reshaped([1, 1, side])
        // Mirrored before the crop: the column counts from the other side of the whole picture.
        let column = straight + mirrored * (Double(whole.width - 1) - straight * 2)
        return stacked(
            moved(
                x: column * (2 / Double(whole.width - 1)) - 1, y: row * (2 / Double(whole.height - 1)) - 1, in: whole),
            axis: 3)
    }

    /// From the smallest to the largest coordinate at which the whole picture is read, `[N, 1, 1, 1]`: a projective map
    /// has its extremes at the corners.
    private func extent(in whole: SamplingFrame) -> Tensor {
        let device = angle.device
        let corners = moved(
            x: Tensor([-1, 1, -1, 1] as [Float], shape: [1, 1, 4], device: device),
            y: Tensor([-1, -1, 1, 1] as [Float], shape: [1, 1, 4], device: device), in: whole)
        let all = concatenated(corners, axis: 2)
        let extent = all.max(axes: [2], keepingDimensions: true) - all.min(axes: [2], keepingDimensions: true)
        return extent.unsqueezed(3)
    }

    /// The warp and then the turn and the enlargement, applied to coordinates that broadcast against `[N, 1, 1]`; both of
    /// the full shape.
    private func moved(x: Tensor, y: Tensor, in whole: SamplingFrame) -> [Tensor] {
        let (u, v) = CornerWarp(warp)(x, y)
        let (cos, sin) = (angle.cos(), angle.sin())
        let scale = zoom.reciprocal()
        let shiftX = (1 - scale) * (zoomColumn * 2 - 1)
        let shiftY = (1 - scale) * (zoomRow * 2 - 1)
        // In coordinates from −1 to 1 a turn must know the sides' ratio.
        let aspect = Double(whole.height) / Double(whole.width)
        return [
            cos * scale * u - sin * scale * aspect * v + (cos * shiftX - sin * shiftY),
            sin * scale / aspect * u + cos * scale * v + (sin * shiftX + cos * shiftY),
        ]
    }
}

/// The size that a picture is resized to before a square is cut out.
private struct SamplingFrame {
    let height: Int, width: Int
}
