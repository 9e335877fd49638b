package io.millrace.local.supervision;

/** Shows how {@code up} comes along: one line per part, with its state and the seconds since the start. */
public interface Progress {

    /** Says the state of a part and, where there is more to say, what it is at. */
    void show(String part, PartState state, String detail);

    /** A terminal's lines are rewritten in place; into a file or pipe they are appended. */
    static Progress onStandardOutput() {
        var console = System.console();
        return console != null && console.isTerminal()
                ? new TerminalProgress(System.out)
                : new LineProgress(System.out);
    }
}
