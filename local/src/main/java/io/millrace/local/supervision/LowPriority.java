package io.millrace.local.supervision;

import io.millrace.local.infra.OwnSession;
import java.util.ArrayList;
import java.util.List;

/** Runs a command only when nobody else wants the processor. */
final class LowPriority {

    private LowPriority() {}

    /** The command with {@code nice} before it; as it is on a machine without that. */
    static List<String> of(List<String> command) {
        var wrapped = new ArrayList<String>();
        if (OwnSession.onPath("nice").isPresent()) {
            wrapped.addAll(List.of("nice", "-n", "19"));
        }
        wrapped.addAll(command);
        return wrapped;
    }
}
