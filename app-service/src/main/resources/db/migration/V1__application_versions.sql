create table application_version (
    tenant     text        not null,
    name       text        not null,
    version    integer     not null,
    sha256     text        not null,
    definition text        not null,
    sources    text        not null, -- the items of each source as JSON, byte for byte what the hash is of
    created_at timestamptz not null,
    primary key (tenant, name, version)
);
