package io.millrace.app.application;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The table {@code application_version}. */
interface ApplicationVersions extends Repository<ApplicationVersion, ApplicationVersion.Key> {

    @Query("""
            select v from ApplicationVersion v
            where v.key.version = (select max(w.key.version) from ApplicationVersion w
                                   where w.key.tenant = v.key.tenant and w.key.name = v.key.name)
            order by v.key.tenant, v.key.name""")
    List<ApplicationVersion> findNewest();

    @Query("""
            select new io.millrace.app.application.Published(v.key.version, v.sha256, v.createdAt)
            from ApplicationVersion v where v.key.tenant = :tenant and v.key.name = :name order by v.key.version desc""")
    List<Published> findAll(String tenant, String name);

    Optional<ApplicationVersion> findFirstByKeyTenantAndKeyNameOrderByKeyVersionDesc(String tenant, String name);

    ApplicationVersion save(ApplicationVersion version);

    /** Makes writers wait for each other until the transaction ends, so that versions are counted without gaps. */
    @Query(value = "select cast(pg_advisory_xact_lock(hashtext('application_version')) as text)", nativeQuery = true)
    String lock();

    /** Tells every replica, once the transaction is committed. */
    @Query(value = "select cast(pg_notify('application_version', :name) as text)", nativeQuery = true)
    String announce(String name);
}
