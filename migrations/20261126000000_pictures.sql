-- Pictures are shown in files that are made of them: several sizes and formats, without what a camera wrote into them.
--
-- The editor's file stays in pictures.bytes, so that export gives it back; what readers get is in picture_files.

-- The name of the set of files that was made: the first 16 hexadecimal digits of the SHA-256 of the recipe's number and
-- bytes. Null until an import has seen to the picture: until then bytes is shown.
alter table pictures add column made text;
-- The form that every program can show: svg, jpg or png. It says as well which other files there are.
alter table pictures add column fallback text;
-- The colour of the picture's place until it is there: 0 to 11 is a hue in steps of 30 degrees, 12 is grey. Null where
-- something shines through the picture.
alter table pictures add column tone integer;

create table picture_files (
    -- A set is never taken out: feed readers keep its addresses after a later recipe has given the picture others.
    made text not null,
    -- The width in pixels and the format, such as 640.avif; svg for a drawing, which has one file.
    name text not null,
    media_type text not null,
    bytes bytea not null,
    constraint picture_files_pkey primary key (made, name)
);

-- What stays in view where the picture is cropped, as '30% 70%' from its left and top; null means the middle.
alter table posts add column picture_focus text;
