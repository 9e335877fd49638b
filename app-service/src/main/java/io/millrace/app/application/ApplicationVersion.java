package io.millrace.app.application;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code application_version}. Rows are only added. */
@Entity
@Table(name = "application_version")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ApplicationVersion {

    @Embeddable
    record Key(String tenant, String name, int version) {}

    @EmbeddedId
    private Key key;

    private String sha256;
    private String definition;
    private String sources;
    private Instant createdAt;

    ApplicationVersion() {}

    static ApplicationVersion of(Version version) {
        ApplicationVersion row = new ApplicationVersion();
        row.key = new Key(version.tenant(), version.name(), version.version());
        row.sha256 = version.hash();
        row.definition = version.definition();
        row.sources = version.sources();
        row.createdAt = version.createdAt();
        return row;
    }

    Version toVersion() {
        return new Version(key.tenant(), key.name(), key.version(), sha256, definition, sources, createdAt);
    }
}
