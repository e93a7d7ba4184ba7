import CLibAV
import Foundation

/// A chain of libavfilter filters with one input and one output. Used on one thread.
///
/// Frames go in with their number as timestamp in a time base of one second, so that whatever a filter does to time
/// bases, the number can be read from what comes out.
final class FilterGraph {
    /// A filter and its arguments.
    struct Step {
        let name: String
        let arguments: String
    }

    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private var source: UnsafeMutablePointer<AVFilterContext>?
    private var sink: UnsafeMutablePointer<AVFilterContext>?
    private let output = AVFrameBox()

    /// Builds the chain for frames of one size and pixel format.
    init(_ steps: [Step], width: Int, height: Int, format: AVPixelFormat) throws(LibraryError) {
        let mark = LibraryLog.mark()
        graph = avfilter_graph_alloc()
        // A filter that cannot take the format must fail: a scaler put in between would use its own matrix.
        avfilter_graph_set_auto_convert(graph, UInt32(bitPattern: Int32(AVFILTER_AUTO_CONVERT_NONE)))
        let arguments = "video_size=\(width)x\(height):pix_fmt=\(format.rawValue):time_base=1/1:pixel_aspect=1/1"
        let input = try add("buffer", arguments, mark)
        var last = input
        for step in steps {
            let next = try add(step.name, step.arguments, mark)
            try check(avfilter_link(last, 0, next, 0), mark)
            last = next
        }
        let end = try add("buffersink", nil, mark)
        try check(avfilter_link(last, 0, end, 0), mark)
        try check(avfilter_graph_config(graph, nil), mark)
        source = input
        sink = end
    }

    deinit {
        avfilter_graph_free(&graph)
    }

    /// Gives a frame to the chain, which keeps a reference; nil says that no more come.
    func send(_ frame: UnsafeMutablePointer<AVFrame>?, number: Int) throws(LibraryError) {
        let mark = LibraryLog.mark()
        if let frame {
            let pts = frame.pointee.pts
            frame.pointee.pts = Int64(number)
            let status = av_buffersrc_write_frame(source, frame)
            frame.pointee.pts = pts
            try check(status, mark)
        } else {
            try check(av_buffersrc_close(source, Int64(number), 0), mark)
        }
    }

    /// Takes a frame from the chain and the number that it went in with; nil where the chain wants more or is drained.
    ///
    /// The frame is borrowed until the next call.
    func receive() throws(LibraryError) -> (frame: UnsafeMutablePointer<AVFrame>, number: Int)? {
        let mark = LibraryLog.mark()
        av_frame_unref(output.pointer)
        let status = av_buffersink_get_frame(sink, output.pointer)
        if status == heirloom_averror(EAGAIN) || status == heirloom_averror_eof() { return nil }
        try check(status, mark)
        let base = av_buffersink_get_time_base(sink)
        let number = output.pointer.pointee.pts * Int64(base.num) / Int64(base.den)
        return (output.pointer, Int(number))
    }

    private func add(
        _ name: String, _ arguments: String?, _ mark: UInt64
    ) throws(LibraryError) -> UnsafeMutablePointer<AVFilterContext> {
        guard let filter = avfilter_get_by_name(name) else {
            throw LibraryError(heirloom_averror(ENOSYS), since: mark)
        }
        var made: UnsafeMutablePointer<AVFilterContext>?
        try check(avfilter_graph_create_filter(&made, filter, name, arguments, nil, graph), mark)
        guard let made else { throw LibraryError(heirloom_averror(ENOMEM), since: mark) }
        return made
    }

    private func check(_ status: Int32, _ mark: UInt64) throws(LibraryError) {
        if status < 0 { throw LibraryError(status, since: mark) }
    }
}
