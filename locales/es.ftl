# Every word of the interface in Spanish. What editors write is in content/.
#
# Numbers come grouped and in the language's own digits. PLURAL($n) is the plural category of a number: one, two, few, …

# This language, in its own words.
language-name = Español
languages = Idiomas

site-name = Pavise
home-title = Nuestra Internet, nuestro futuro
shield-alt = ilustración del icono de un escudo
skip-to-content = Saltar al contenido
loading = Cargando…
offline = No tienes conexión. Esta página sigue aquí; la siguiente no se ha podido cargar.
try-again = Intentar de nuevo
nav = Principal
nav-home = Inicio
nav-posts = Artículos
nav-topics = Temas
nav-plan = Plan de acción
nav-more = Más de este sitio
footer-about = Pavise publica el trabajo de quienes mantienen Internet abierta, segura y para todas las personas.
feed = Canal web
back-to-top = Volver arriba

theme = Colores de este sitio
theme-light = Claro
theme-dark = Oscuro
theme-system = Como mi dispositivo

latest-posts = Últimos artículos
all-posts = Todos los artículos
no-posts-yet = Todavía no se ha publicado ningún artículo.
read-plan = Leer el { $title }

# The two numbers also appear as {"{count}"} and {"{total}"}, which the browser fills in while the reader types.
filter-posts = Filtrar estos artículos
filter-submit = Mostrar
filter-some = Artículos mostrados: { $count } de { $total }
filter-none = Ningún artículo contiene todas estas palabras. Prueba con menos o con una parte de una palabra.
filter-areas = Área
all-areas = Todas las áreas
areas-some = Áreas mostradas: { $count } de { $total }

# Lists of posts.
posts-title = Artículos
posts-summary = Todo lo que hemos publicado, empezando por lo más reciente.
posts-of-year = Artículos de { $year }
posts-of-month = Artículos de { $month }
posts-narrow = Acotar estos artículos
filter-topic = Tema
all-topics = Todos los temas
filter-year = Año
all-years = Todos los años
months = Meses
no-posts-here = Ningún artículo corresponde a esta selección.
pages-of-posts = Páginas de artículos
newer-posts = Artículos más recientes
older-posts = Artículos más antiguos
# Said by a screen reader when older posts have been added below.
posts-added = Artículos añadidos: { $count }

topics-title = Temas
topics-summary = En qué trabajamos y todo lo que hemos publicado al respecto.
authors-title = Autores
authors-summary = Los equipos que escriben para este sitio.
feeds-of = Canal web de «{ $title }»

# A post.
by = Por
published = Publicado el
updated = Actualizado el
topics-of-post = Temas
reading-time =
    { PLURAL($minutes) ->
        [one] { $minutes } minuto de lectura
       *[other] { $minutes } minutos de lectura
    }
in-this-post = En este artículo
footnote-back = Volver a la referencia
table = Tabla
related-posts = Artículos relacionados
neighbouring-posts = Artículos contiguos
newer-post = Más reciente
older-post = Más antiguo
share = Compartir
share-link = Enlace a esta página
share-copy = Copiar el enlace
share-copied = El enlace se ha copiado.
share-not-copied = No se ha podido copiar el enlace. Aquí lo tienes: { $link }
share-mail = Enviar por correo
share-sheet = Compartir con…
as-text = Esta página en texto sin formato
printed-from = Impreso desde { $address }

# Translations. Each note is followed by a link whose words are the second message.
not-translated = Este texto aún no está traducido al español. A continuación figura el original.
stale-translation = El original ha cambiado desde que se hizo esta traducción.
read-original = Leer el original ({ $language })

# Search. The number of suggestions also appears as {"{count}"}, which the browser fills in.
search-title = Búsqueda
search-of = Búsqueda: { $query }
search-label = ¿Qué buscas?
search-submit = Buscar
search-hint = Busca en todo lo que hemos publicado. Las palabras entre comillas se buscan tal como están.
search-narrow = Acotar la búsqueda
search-count =
    { PLURAL($count) ->
        [one] { $count } resultado
       *[other] { $count } resultados
    }
search-range = Resultados { $from } a { $to }
search-meant = Nada contiene «{ $query }». Estos son los resultados para
search-partly = Nada contiene todas estas palabras. Estos resultados contienen algunas.
search-none = No se ha encontrado nada para «{ $query }».
search-advice = Prueba con menos palabras, con otras o solo con el comienzo de una. O recorre nuestros temas:
search-everywhere = Buscarlo en todo el sitio
search-incomplete = Puede haber más: no se ha podido recorrer todo en este momento.
suggestions = Sugerencias
suggestions-some = Sugerencias: { $count }. Las flechas del teclado eligen una.
filter-author = Autor
all-authors = Todos los autores
filter-language = Idioma
all-languages = Todos los idiomas
found-page = Página
pages-of-results = Páginas de resultados
results-before = Mejores resultados
results-after = Más resultados

plans-title = Plan de acción
plans-summary = A qué nos comprometemos cada año para que Internet esté abierta a todas las personas y hasta dónde hemos llegado.
no-plan-yet = Todavía no se ha publicado ningún plan.
plan-commitments =
    { PLURAL($count) ->
        [one] { $count } compromiso
       *[other] { $count } compromisos
    }
plan-reached =
    { PLURAL($total) ->
        [one] { $reached } de { $total } compromiso cumplido
       *[other] { $reached } de { $total } compromisos cumplidos
    }
plan-percent = { $percent } % del camino
target = Objetivo: { $target }
target-from = Objetivo: { $target }, desde { $baseline }
target-reached = Objetivo de { $target } alcanzado
as-of = Recuento del
evidence = Para comprobarlo:
link-to-commitment = Enlace a este compromiso: { $title }
history = Sus valores a lo largo del tiempo
history-day = Día
history-value = Valor
reported-in = Se informa de ello en

breadcrumbs = Estás aquí

not-found-title = Aquí no hay ninguna página
not-found = Puede que la dirección esté mal escrita o que la página haya cambiado de lugar.
gone-title = Esta página se ha retirado
gone = Estuvo aquí y se ha retirado a propósito.
bad-request-title = No se puede responder a esta solicitud
bad-request = Algo en la dirección o en el formulario no es como esta página espera. Vuelve atrás e inténtalo de nuevo.
unavailable-title = Ahora mismo no podemos mostrar esta página
unavailable = El sitio está saturado o en mantenimiento. Inténtalo de nuevo en un minuto.
too-many-title = Han llegado demasiadas solicitudes desde tu red
too-many = Espera un momento, vuelve atrás e inténtalo de nuevo.
internal-title = Algo ha fallado por nuestra parte
internal = Ha quedado registrado y no es culpa tuya. Inténtalo de nuevo dentro de un rato.
way-home = Ir a la página de inicio
way-plan = Leer el Plan de acción

# La lectura sin conexión. Lo que está entre llaves lo rellena el navegador: {"{date}"}, {"{size}"}, {"{count}"}.
offline-title = Leer sin conexión
offline-summary = Lo que este navegador guarda para poder leerlo sin red.
offline-none = Aquí todavía no se puede mostrar nada. Un navegador con JavaScript guarda cada página que abres y la muestra aquí la próxima vez que vengas.
offline-off = Por ahora este sitio no guarda páginas en los navegadores.
save = Guardar para leer sin conexión
save-under-way = Guardando …
told-saved = Guardado. Está en «Leer sin conexión».
told-removed = Eliminado de este dispositivo.
told-packed = Los últimos artículos ya están aquí.
told-full = No hay espacio suficiente en este dispositivo. Elimina algo de abajo o libera espacio y vuelve a intentarlo.
told-failed = No ha funcionado: no se puede acceder a la red. Lo que había aquí sigue aquí.
missing-title = Esta página no está guardada aquí
missing = No se puede acceder a la red, y todavía no has guardado ni abierto esta página. Abajo está lo que hay.
copy-of = Estás leyendo la copia del { $date }: no se puede acceder a la red.
packed-copy = Estás leyendo el texto tal como era el { $date }, sin sus imágenes: no se puede acceder a la red.
pack-title = Los últimos artículos como texto
pack-none = Los 20 últimos artículos sin imágenes: 300 kB como máximo.
pack-get = Obtener los últimos artículos
pack-has = Artículos: { $count } · { $size } · { $date }
pack-update = Obtener lo nuevo
pack-remove = Eliminar estos artículos
saved-title = Guardado
none-saved = No hay nada guardado. Cada artículo y cada plan tienen un botón para ello al final.
visited-title = De tus visitas
none-visited = Todavía no se ha guardado ninguna página.
kept-size = Todo ocupa { $size }.
remove = Eliminar
remove-all = Eliminar todo
search-kept = Buscar en el sitio o, sin red, en lo que está guardado aquí
search-here = No se puede acceder a la red. Se busca en lo que está guardado en este dispositivo.
found-here = Lo que se ha encontrado aquí, lo mejor primero.
found-part-here = Nada de lo que hay aquí tiene todas estas palabras. Esto tiene algunas.
found-none-here = Nada de lo que está guardado aquí tiene estas palabras.
search-all-here = Tu selección de tema, autor, año, idioma o página no se aplica aquí: se ha buscado en todo lo que está guardado.
no-search-here = Todavía no se puede buscar en lo que está guardado aquí: la búsqueda llega con la primera página que guardes.

# Pocos datos. El tamaño de una imagen es { $size }.
data-little = Usar pocos datos
data-is-little = Este sitio usa pocos datos: las imágenes esperan un toque y no se descarga ninguna fuente.
data-full = Mostrar todo de nuevo
picture-later = Mostrar la imagen
picture-of-size = Mostrar la imagen, { $size } como máximo
kilobytes = { $size } kB

# Mensajes
write-title = Escríbenos
write-summary = Lo que envías se guarda en el servidor de este sitio y lo leen quienes lo administran. Solo hace falta una dirección si quieres respuesta.
write-privacy = Qué se guarda y durante cuánto tiempo
write-text = Tu mensaje
write-reply = Tu dirección de correo, si quieres respuesta (opcional)
write-about = La dirección de la página de la que hablas (opcional)
write-trap = Deja vacío este campo
write-send = Enviar
write-wrong = Tu mensaje no se ha enviado. Lo que hay que cambiar se indica abajo; todo lo que escribiste sigue ahí.
write-empty = Escribe lo que quieres decir.
write-long = Es demasiado largo: caben { $most } caracteres.
write-no-address = Esto no es una dirección de correo. Corrígela o deja el campo vacío.
write-trapped = Este campo está ahí para los programas que lo rellenan todo. Vacíalo y envía de nuevo el mensaje.
write-failed = Ahora mismo no se ha podido guardar tu mensaje. Sigue aquí: envíalo de nuevo dentro de un minuto, por favor.
write-full = De momento no caben más mensajes. El tuyo sigue aquí: cópialo y envíalo por correo, por favor.
sent-title = Tu mensaje ha llegado
sent = Gracias. Está guardado, y lo leerán quienes administran este sitio.

# Mensajes que esperan en el navegador.
waiting-title = A la espera de enviarse
waiting = No se pudo acceder a la red. Estos mensajes salen por sí solos cuando vuelves aquí con red.
told-queued = Tu mensaje queda guardado en este dispositivo y sale cuando vuelva la red.
told-sent = Tu mensaje se ha enviado.
waiting-refused = El sitio no ha aceptado este mensaje. Envíalo de nuevo para ver por qué.
send-now = Enviar ahora
