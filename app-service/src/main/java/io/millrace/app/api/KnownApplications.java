package io.millrace.app.api;

import io.millrace.app.application.Application;
import io.millrace.app.application.Applications;
import io.millrace.app.application.Published;
import io.millrace.app.application.StoreUnavailableException;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.ProblemType;
import java.util.List;

/** Finds applications by the name in a path. */
record KnownApplications(Applications applications) {

    Application get(String name) {
        return applications
                .find(name)
                .orElseThrow(() -> applications.isLoaded()
                        ? new ProblemException(
                                ProblemType.UNKNOWN_APPLICATION,
                                "there is no application \"" + name + "\"; apply it first, or correct the name")
                        : new ProblemException(
                                ProblemType.UNAVAILABLE,
                                "the applications are not loaded yet: Postgres cannot be reached"));
    }

    List<String> names() {
        return applications.names();
    }

    List<Published> versions(String name) throws StoreUnavailableException {
        return applications.versions(name);
    }
}
