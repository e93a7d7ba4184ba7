import HeirloomModels
import HeirloomTensors

/// A network that makes pictures larger, on a device, shown as much of a picture at a time as memory has room for.
///
/// Grey and transparency pass through it as three equal channels, whose luma is the result. When memory runs out the
/// tile is cut in halves and computed again; the result stays the same, because each part is shown with its context.
final class TiledRestorer {
    /// The share of the free memory that one tile may take.
    private static let memoryShare = 0.5
    /// The most that a tile takes of the main memory, in bytes: larger tiles gain nothing there.
    private static let memoryLimit = 1 << 30
    /// The same on a GPU for films, which any that has 8 GB has free.
    private static let filmLimit = 3 << 30
    /// Peak bytes for a pixel of a tile where a model does not say.
    private static let bytesPerPixel = 16_000

    let device: Device
    let precision: DType
    let scale: Int
    let tiler: Tiler
    /// Called before each tile: where jobs stop and count.
    var beforeTile: () throws -> Void = {}
    /// Called after each tile.
    var afterTile: () -> Void = {}
    /// Sentences about what was reduced.
    private(set) var notes: [String] = []
    /// Seconds inside the network.
    private(set) var seconds = 0.0
    /// Pictures per call and the side of a tile that fitted, since memory ran out.
    private var batchLimit: Int?
    private var tileLimit: Int?
    private let network: (Tensor) throws -> Tensor
    private let bytes: Int

    /// A network, prepared for a device and a number type.
    ///
    /// - Throws: `TorchError` where the device has no memory for it.
    convenience init(_ restorer: any ImageRestorer, device: Device, precision: DType) throws {
        let description = restorer.description
        let prepared = try recovering { restorer.preparedForInference(device: device, dtype: precision) }
        let (context, blend) =
            switch description.tiling {
            case .overlapping(let context, let blend): (context, blend)
            case .whole: (32, 16)
            }
        let tiler = Tiler(
            scale: description.scale, context: context, blend: blend, multiple: description.sizeMultiple)
        self.init(tiler, device: device, precision: precision, bytesPerPixel: description.workingBytes(precision)) {
            prepared($0)
        }
    }

    /// Any function that enlarges `[N, 3, H, W]` of the given type on the device.
    init(
        _ tiler: Tiler, device: Device = .cpu, precision: DType = .float32, bytesPerPixel: Int = 0,
        network: @escaping (Tensor) throws -> Tensor
    ) {
        self.tiler = tiler
        self.device = device
        self.precision = precision
        self.network = network
        scale = tiler.scale
        bytes = bytesPerPixel > 0 ? bytesPerPixel : Self.bytesPerPixel
    }

    /// The side of a tile for the memory that is free, in pixels; a multiple of 8.
    ///
    /// - Parameter wholeOf: a picture that shall be one tile if that is possible at all.
    func automaticTile(wholeOf picture: (width: Int, height: Int)? = nil) -> Int {
        let free = (try? device.memory()).map { Double($0.free) } ?? 2e9
        let share = free * Self.memoryShare
        if let picture, Double(picture.width) * Double(picture.height) * Double(bytes) <= share {
            return max(picture.width, picture.height)
        }
        return side(device == .cpu ? min(share, Double(Self.memoryLimit)) : share)
    }

    /// The side of a tile for the frames of a film, in pixels; a multiple of 8.
    ///
    /// By the network and the kind of device alone, so that machines with more and with less memory make the same film.
    /// Only where not even that is free is it smaller, which a note says.
    ///
    /// - Parameter free: bytes that are free; nil to ask the device.
    func filmTile(width: Int, height: Int, free: Double? = nil) -> Int {
        let wished = side(Double(device == .cpu ? Self.memoryLimit : Self.filmLimit))
        let need = Double(min(wished, width)) * Double(min(wished, height)) * Double(bytes)
        guard let free = free ?? (try? Double(device.memory().free)), free < need else { return wished }
        let side = min(wished, side(free * Self.memoryShare))
        if side < wished {
            notes.append("Memory is short; the network sees tiles of \(side) pixels instead of \(wished).")
        }
        return side
    }

    private func side(_ budget: Double) -> Int {
        max(tiler.smallestTile, min(Int((budget / Double(bytes)).squareRoot()), 1024)) / 8 * 8
    }

    /// Seconds that the network needs for a tile of so many pixels, measured on smaller ones.
    ///
    /// - Throws: what the network throws.
    func expectedSeconds(pixels: Int) throws -> Double {
        var side = tiler.smallestTile
        func measured() throws -> Double {
            let picture = Tensor.full([1, 3, side, side], 0.5)
            let start = ContinuousClock.now
            _ = try call(picture)
            return (ContinuousClock.now - start) / .seconds(1)
        }
        var seconds = try measured()
        if seconds < 1 {
            // Too short to tell much, and the first call plans and fetches memory.
            side *= 3
            seconds = try min(measured(), measured())
        }
        return seconds * Double(pixels) / Double(side * side)
    }

    /// The enlarged picture: `[N, C, H, W]` of 1 (grey), 2 (and opacity), 3 (red, green, blue) or 4 channels, 0...1,
    /// float32 → `[N, C, H·scale, W·scale]`, float32, on the device, not clamped where there are three channels.
    ///
    /// - Parameter keepsEvenOpacity: whether opacity that is the same all over a tile stays exactly that.
    func enlarged(_ source: RowStream, plan: Tiler.Plan, keepsEvenOpacity: Bool = true) -> RowStream {
        tiler.enlarged(source, plan) { [self] tile in
            try beforeTile()
            let result = try channels(of: tile, keepsEvenOpacity)
            afterTile()
            return result
        }
    }

    /// Passes a tile through the network as often as its channels need it.
    private func channels(of tile: Tensor, _ keepsEvenOpacity: Bool) throws -> Tensor {
        let count = tile.shape[1]
        guard count != 3 else { return try attempt(tile) }
        let hasOpacity = count == 2 || count == 4
        let color = tile.sliced(axis: 1, from: 0, to: count == 4 ? 3 : 1)
        let enlarged = count == 4 ? try attempt(color) : try grey(color)
        guard hasOpacity else { return enlarged }
        let opacity = tile.sliced(axis: 1, from: count - 1)
        let shape = enlarged.shape
        if keepsEvenOpacity, opacity.min().item() == opacity.max().item() {
            let even = Tensor.full([shape[0], 1, shape[2], shape[3]], opacity.min().item(), device: enlarged.device)
            return concatenated([enlarged, even], axis: 1)
        }
        return concatenated([enlarged, try grey(opacity)], axis: 1)
    }

    /// One channel, shown as three; the luma of what comes back, cut off at black and white first.
    private func grey(_ channel: Tensor) throws -> Tensor {
        let rgb = try attempt(channel.repeated([1, 3, 1, 1])).clamped(to: 0...1)
        return rgb.sliced(axis: 1, from: 0, to: 1) * 0.299 + rgb.sliced(axis: 1, from: 1, to: 2) * 0.587
            + rgb.sliced(axis: 1, from: 2, to: 3) * 0.114
    }

    /// One call of the network, or several smaller ones where memory is short.
    private func attempt(_ tile: Tensor) throws -> Tensor {
        let shape = tile.shape
        if let batchLimit, shape[0] > batchLimit { return try inParts(tile, batchLimit) }
        if let tileLimit, max(shape[2], shape[3]) > tileLimit { return try inTiles(tile, tileLimit) }
        do {
            return try call(tile)
        } catch let error as TorchError where error.code == .outOfMemory {
            device.releaseCachedMemory()
            if shape[0] > 1 {
                batchLimit = shape[0] / 2
                notes.append("Memory ran out with \(shape[0]) frames at a time; went on with \(shape[0] / 2).")
                return try inParts(tile, shape[0] / 2)
            }
            let side = max(shape[2], shape[3]) / 16 * 8
            guard side >= tiler.smallestTile else { throw error }
            tileLimit = side
            notes.append("Memory ran out; went on with tiles of \(side) pixels.")
            return try inTiles(tile, side)
        }
    }

    private func call(_ tile: Tensor) throws -> Tensor {
        let start = ContinuousClock.now
        defer { seconds += (ContinuousClock.now - start) / .seconds(1) }
        let result = try recovering { try network(tile.to(dtype: precision, device: device)).to(dtype: .float32) }
        guard try recovering({ result.sum().item() }).isFinite else {
            throw RestorationError(
                .frameFailed,
                "The network gave no finite numbers in \(precision); use --precision float32, and if that fails too check the model."
            )
        }
        return result
    }

    private func inParts(_ pictures: Tensor, _ count: Int) throws -> Tensor {
        try concatenated(pictures.split(every: count, axis: 0).map(attempt), axis: 0)
    }

    private func inTiles(_ picture: Tensor, _ side: Int) throws -> Tensor {
        let source = RowStream(picture)
        let plan = tiler.plan(height: source.height, width: source.width, tile: side)
        let result = tiler.enlarged(source, plan) { [self] in try attempt($0) }
        return try result.reader().rows(0..<result.height)
    }
}
