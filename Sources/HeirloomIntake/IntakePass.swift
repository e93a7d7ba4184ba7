import Foundation
import HeirloomDatasets
import HeirloomMedia
import HeirloomWorkers

/// One pass over a collection: find, read, judge, hand on. What ``DataDoctor`` and ``Packer`` share.
struct IntakePass: Sendable {
    let inputs: [String]
    let options: IntakeOptions
    let shouldStop: @Sendable () -> Bool
    let progress: @Sendable (_ completed: Int, _ total: Int) -> Void

    /// Runs the pass on the calling thread; `use` gets the pictures that are used, in order, and `passOver` the others, with
    /// their pixels where they could be read.
    ///
    /// - Throws: ``MediaError`` as ``PictureSearch``, or where nothing was found; what `use` throws; `CancellationError`.
    func run(
        _ use: (LoadedPicture, PictureFile) throws -> Void, passOver: (LoadedPicture?, LeftOut) -> Void = { _, _ in }
    ) throws -> DataReport {
        let search = try PictureSearch(inputs, shouldStop: shouldStop)
        var report = DataReport()
        report.leftOut = search.leftOut
        report.otherFiles = search.otherFiles
        report.notes = search.notes
        guard !search.pictures.isEmpty else { throw noPictures(search) }
        var screening = Screening(options)
        var statistics = CollectionStatistics.Builder()
        let loader = PictureLoader(search.pictures, options: options)
        progress(0, search.pictures.count)
        for (index, file) in search.pictures.enumerated() {
            if shouldStop() { throw CancellationError() }
            guard let result = try loader.pop() else {
                preconditionFailure("the loader ended after \(index) of \(search.pictures.count) pictures")
            }
            switch result {
            case .failure(let error):
                let leftOut = LeftOut(path: file.path, reason: .broken, detail: error.reason)
                report.leftOut.append(leftOut)
                passOver(nil, leftOut)
            case .success(let picture):
                if let leftOut = screening.reason(against: picture, of: file) {
                    report.leftOut.append(leftOut)
                    passOver(picture, leftOut)
                } else {
                    try use(picture, file)
                    report.count(file)
                    statistics.add(
                        width: picture.originalWidth, height: picture.originalHeight, colors: picture.colors)
                }
            }
            progress(index + 1, search.pictures.count)
        }
        report.statistics = statistics.statistics
        return report
    }

    /// Runs the pass on a thread of its own: it blocks, and the cooperative pool must not.
    func runAlone<R: Sendable>(_ body: @Sendable (IntakePass) throws -> R) async throws -> R {
        let flag = CancellationFlag()
        let asked = shouldStop
        let pass = IntakePass(
            inputs: inputs, options: options, shouldStop: { flag.isCancelled || asked() }, progress: progress)
        return try await withTaskCancellationHandler {
            let worker = try await Worker(name: "intake") { pass }
            return try await worker.run { try body($0) }
        } onCancel: {
            flag.cancel()
        }
    }

    private func noPictures(_ search: PictureSearch) -> MediaError {
        let endings = StillFormat.allFileExtensions.map { "." + $0 }.joined(separator: ", ")
        let path = inputs.count == 1 ? inputs[0] : "\(inputs.first ?? "") and \(inputs.count - 1) more"
        let archives = search.leftOut.filter { $0.reason == .archive }
        return MediaError(
            .noPicture, PictureSearch.operation(.pictures), path: path,
            reason: archives.isEmpty
                ? "there is no picture in it (\(search.otherFiles) other files)"
                : "there is no picture in it, only \(archives.count == 1 ? "an archive" : "archives")",
            advice: archives.isEmpty
                ? "pictures are files that end in \(endings)" : "unpack '\(archives[0].path)' first (tar -xf, unzip)")
    }
}

extension DataReport {
    fileprivate mutating func count(_ file: PictureFile) {
        usable += 1
        if let group = file.group { groups[group, default: 0] += 1 }
        if let index = sources.firstIndex(where: {
            $0.name == file.source.name && $0.licence == file.source.licence
        }) {
            sources[index].count += 1
        } else {
            sources.append(PackedMetadata.Source(name: file.source.name, licence: file.source.licence, count: 1))
        }
    }
}
