-- What readers write to the organisation. There are at most as many as src/messages/store.rs keeps.

create table messages (
    -- The same for the same message, however often it is sent.
    name text not null constraint messages_pkey primary key,
    message text not null,
    reply_to text,
    about text,
    -- The language of the page on which it was written.
    lang text not null,
    received_at bigint not null
);
