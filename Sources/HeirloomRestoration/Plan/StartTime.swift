import Foundation

/// What it costs to start a program.
public enum StartTime {
    /// Processor time of this process so far, in seconds; asked at the begin of a command, it is what starting took: the
    /// libraries being loaded and linked, 0.4 s for libtorch.
    ///
    /// The time on the clock since the process began was dropped: it counts the shell that became the program, too.
    public static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
